//! A log in a file holds, and shows whatever was done to it.

use gateway_core::{AuditAction, AuditDecision, AuditId, IdentifiedBy, UnixMicros};

use super::*;
use crate::{AuditVerdict, KeyRing};

struct Bench {
    folder: tempfile::TempDir,
    keys: Arc<Keys>,
    max_bytes: u64,
}

impl Bench {
    fn new(max_bytes: u64) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            keys: Arc::new(Keys::new(KeyRing::generate().unwrap())),
            max_bytes,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    fn open(&self) -> Result<AuditFile, StoreError> {
        let options = AuditFileOptions {
            path: self.path(),
            max_bytes: self.max_bytes,
            keep: 2,
            sync: true,
        };
        AuditFile::open(options, Arc::clone(&self.keys))
    }

    fn verdict(&self) -> AuditVerdict {
        verify_audit_file(&self.path(), &self.keys.ring(), &|_| {}).unwrap()
    }

    fn fault(&self) -> (Option<i64>, String) {
        let verdict = self.verdict();
        let fault = verdict.broken.first().expect("a fault");
        (fault.seq, fault.reason.clone())
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.path()).unwrap()
    }

    fn write(&self, text: &str) {
        std::fs::write(self.path(), text).unwrap();
    }
}

fn record(number: u64) -> AuditRecord {
    AuditRecord {
        id: AuditId::new(),
        at: UnixMicros(1_000_000),
        correlation_id: format!("c{number}"),
        subject: "ann \"ü\"\n".to_owned(),
        identified_by: Some(IdentifiedBy::ApiKey),
        remote: None,
        action: AuditAction::Query,
        target: None,
        source: None,
        statement: Some("SELECT 1".to_owned()),
        digest: Some([171; 32]),
        parameters: Some("[1.50]".to_owned()),
        decision: AuditDecision::Allowed,
        code: None,
        rule: None,
        rows: 1,
        bytes: 2,
        duration_micros: 1500,
        count: 1,
    }
}

async fn add(file: &AuditFile, count: u64) {
    file.append((0..count).map(record).collect()).await.unwrap();
}

#[tokio::test]
async fn what_was_written_can_be_read_and_verified() {
    let bench = Bench::new(1 << 20);
    let file = bench.open().unwrap();
    add(&file, 3).await;
    add(&file, 2).await;
    let verdict = bench.verdict();
    assert_eq!((verdict.chains, verdict.records), (1, 5));
    let text = bench.text();
    let line: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
    assert_eq!(line["seq"], 2);
    let record = &line["record"];
    assert_eq!(record["correlationId"], "c1");
    assert_eq!(record["identifiedBy"], "api_key");
    assert_eq!(record["statementSha256"], "ab".repeat(32));
    assert_eq!(record["parameters"].to_string(), "[1.5]");
    assert_eq!(record["durationMs"], 1.5);
}

#[tokio::test]
async fn every_changed_byte_and_every_missing_line_shows() {
    let bench = Bench::new(1 << 20);
    add(&bench.open().unwrap(), 4).await;
    let text = bench.text();
    assert_eq!(bench.verdict().broken, []);
    let second = text.find("\n").unwrap() + 1;
    let third = second + text[second..].find("\n").unwrap() + 1;
    for at in second..third {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        std::fs::write(bench.path(), bytes).unwrap();
        let verdict = bench.verdict();
        assert_eq!(verdict.broken.len(), 1, "byte {at}");
        assert!(verdict.records <= 2);
    }
    let lines: Vec<&str> = text.lines().collect();
    for missing in 0..4 {
        let rest = lines.iter().enumerate().filter(|(at, _)| *at != missing);
        let rest: String = rest.map(|(_, line)| format!("{line}\n")).collect();
        bench.write(&rest);
        assert_eq!(bench.fault().0, Some(missing as i64 + 1));
    }
    // Going on does not hide it, not even at the end.
    bench.write(&format!("{}\n{}\n", lines[0], lines[1]));
    add(&bench.open().unwrap(), 1).await;
    assert_eq!(bench.fault().0, Some(3));
}

#[tokio::test]
async fn the_chain_goes_on_in_the_next_file_and_after_a_restart() {
    let bench = Bench::new(1000);
    for restart in 0..5 {
        let file = bench.open().unwrap();
        for _ in 0..3 {
            add(&file, 2).await;
        }
        let verdict = bench.verdict();
        assert_eq!(verdict.broken, [], "after {restart} restarts");
    }
    let older = files::older(&bench.path()).unwrap();
    assert_eq!(older, [1, 2]);
    let first: serde_json::Value = serde_json::from_str(
        std::fs::read_to_string(files::numbered(&bench.path(), 2))
            .unwrap()
            .lines()
            .next()
            .unwrap(),
    )
    .unwrap();
    let gone = first["seq"].as_u64().unwrap() - 1;
    assert!(gone > 0);
    assert_eq!(bench.verdict().records, 30 - gone);
    // A file that was taken away shows, in the middle and at the beginning.
    let middle = files::numbered(&bench.path(), 1);
    let kept = std::fs::read(&middle).unwrap();
    std::fs::remove_file(&middle).unwrap();
    assert!(bench.fault().1.contains("is missing"));
    std::fs::write(&middle, kept).unwrap();
    assert_eq!(bench.verdict().broken, []);
    std::fs::remove_file(files::numbered(&bench.path(), 2)).unwrap();
    assert_eq!(bench.fault().0, Some(gone as i64 + 1));
}

#[tokio::test]
async fn a_line_that_a_crash_has_cut_off_is_removed() {
    let bench = Bench::new(1 << 20);
    add(&bench.open().unwrap(), 2).await;
    let whole = bench.text();
    // The line was written and its head was not, and half a line more.
    let lines: Vec<&str> = whole.lines().collect();
    bench.write(&format!("{whole}{}", &lines[1][..40]));
    assert_eq!(bench.verdict().broken, []);
    let file = bench.open().unwrap();
    add(&file, 1).await;
    let verdict = bench.verdict();
    assert_eq!((verdict.records, verdict.broken.len()), (3, 0));
}

#[tokio::test]
async fn lines_that_the_head_does_not_know_yet_are_kept() {
    let bench = Bench::new(1 << 20);
    let file = bench.open().unwrap();
    add(&file, 1).await;
    let head = std::fs::read(head::head_file(&bench.path())).unwrap();
    add(&file, 1).await;
    drop(file);
    std::fs::write(head::head_file(&bench.path()), head).unwrap();
    assert_eq!(bench.verdict().records, 2);
    add(&bench.open().unwrap(), 1).await;
    let verdict = bench.verdict();
    assert_eq!((verdict.records, verdict.broken.len()), (3, 0));
}

#[tokio::test]
async fn a_log_without_its_head_is_not_gone_on_with() {
    let bench = Bench::new(1 << 20);
    add(&bench.open().unwrap(), 1).await;
    let path = head::head_file(&bench.path());
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\"lastSeq\":1", "\"lastSeq\":0", 1)).unwrap();
    assert!(bench.open().err().unwrap().to_string().contains("altered"));
    assert!(bench.fault().1.contains("altered"));
    std::fs::remove_file(&path).unwrap();
    assert!(bench.open().err().unwrap().to_string().contains("is gone"));
    assert!(bench.fault().1.contains("is gone"));
}

#[tokio::test]
async fn one_process_at_a_time_writes_it_and_nobody_else_reads_it() {
    let bench = Bench::new(1 << 20);
    let file = bench.open().unwrap();
    add(&file, 1).await;
    let error = bench.open().err().unwrap().to_string();
    assert!(error.contains("another process"), "{error}");
    #[cfg(unix)]
    for entry in std::fs::read_dir(bench.folder.path()).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.path());
    }
}

#[tokio::test]
async fn a_newer_key_takes_over() {
    let bench = Bench::new(1 << 20);
    let file = bench.open().unwrap();
    add(&file, 1).await;
    let old = bench.keys.ring().sealing_key_id().to_owned();
    assert_eq!(AuditFile::key_id(&bench.path()).unwrap(), Some(old));
    let newer = bench.keys.ring().with_new_key().unwrap();
    bench.keys.replace(newer.clone());
    file.append([].into()).await.unwrap();
    let now = AuditFile::key_id(&bench.path()).unwrap();
    assert_eq!(now.as_deref(), Some(newer.sealing_key_id()));
    bench.keys.replace(newer.newest_only());
    assert_eq!(bench.verdict().records, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_cannot_be_begun_is_begun_once_its_cause_is_gone() {
    let bench = Bench::new(1000);
    let file = bench.open().unwrap();
    add(&file, 4).await;
    // Where putting aside stops if the next file cannot be made, and where somebody else's tool leaves it.
    let aside = files::numbered(&bench.path(), 1);
    std::fs::rename(bench.path(), &aside).unwrap();
    std::os::unix::fs::symlink(bench.folder.path().join("missing/file"), bench.path()).unwrap();
    for _ in 0..3 {
        file.append([record(0)].into()).await.unwrap_err();
        assert_eq!(files::older(&bench.path()).unwrap(), [1]);
    }
    std::fs::remove_file(bench.path()).unwrap();
    add(&file, 1).await;
    let verdict = bench.verdict();
    assert_eq!((verdict.records, verdict.broken), (5, vec![]));
    assert_eq!(bench.text().lines().count(), 1);
}

#[tokio::test]
async fn files_move_up_no_further_than_room_is_needed() {
    let bench = Bench::new(1000);
    let file = bench.open().unwrap();
    add(&file, 4).await;
    add(&file, 4).await;
    // What an attempt leaves that moved the older file up and got no further.
    std::fs::rename(
        files::numbered(&bench.path(), 1),
        files::numbered(&bench.path(), 2),
    )
    .unwrap();
    add(&file, 1).await;
    assert_eq!(files::older(&bench.path()).unwrap(), [1, 2]);
    let verdict = bench.verdict();
    assert_eq!((verdict.records, verdict.broken), (9, vec![]));
}
