//! The audit log: what is added is found again, by every filter, newest first.

use gateway_core::{
    AuditAction, AuditDecision, AuditId, AuditRecord, DataSourceId, IdentifiedBy, UnixMicros,
};

use super::{Scratch, opened};
use crate::{AuditFilter, Page};

pub(super) fn record(number: u64, subject: &str) -> AuditRecord {
    AuditRecord {
        id: AuditId::new(),
        at: UnixMicros(1_000_000 + i64::try_from(number).unwrap()),
        correlation_id: format!("c{number}"),
        subject: subject.to_owned(),
        identified_by: Some(IdentifiedBy::Token),
        remote: Some("127.0.0.1".to_owned()),
        action: AuditAction::Query,
        target: None,
        source: Some(DataSourceId::new()),
        statement: Some(format!("SELECT '{number} ü'")),
        digest: Some([7; 32]),
        parameters: Some("[1]".to_owned()),
        decision: AuditDecision::Allowed,
        code: None,
        rule: None,
        rows: number,
        bytes: u64::MAX >> 1,
        duration_micros: 12,
        count: 1,
    }
}

/// A record comes back with every field as it was.
pub(super) async fn records_survive(scratch: Scratch) {
    let store = opened(&scratch).await;
    let mut refused = record(1, "ann");
    refused.decision = AuditDecision::Refused;
    refused.code = Some("INVALID_SQL".to_owned());
    refused.rule = Some("statement_kind".to_owned());
    refused.remote = None;
    let mut change = record(2, "bob");
    change.action = AuditAction::SourceDelete;
    change.statement = None;
    change.digest = None;
    change.parameters = None;
    change.identified_by = None;
    change.target = Some("a key".to_owned());
    change.count = 3;
    change.source = None;
    store
        .append([refused.clone(), change.clone()].into())
        .await
        .unwrap();
    let page = store
        .audit(&AuditFilter::default(), &Page::default())
        .await
        .unwrap();
    assert_eq!(page.items, [change, refused]);
    assert_eq!(page.next_cursor, None);
}

/// Many records at once, read page by page.
pub(super) async fn records_are_paged(scratch: Scratch) {
    let store = opened(&scratch).await;
    let records: Vec<AuditRecord> = (0..250).map(|number| record(number, "ann")).collect();
    store.append(records.clone().into()).await.unwrap();
    store.append([].into()).await.unwrap();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = store
            .audit(&AuditFilter::default(), &Page { limit: 100, cursor })
            .await
            .unwrap();
        seen.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    seen.reverse();
    assert_eq!(seen, records);
    let nonsense = Page {
        limit: 1,
        cursor: Some("nonsense".to_owned()),
    };
    assert!(store.audit(&AuditFilter::default(), &nonsense).await.is_err());
}

/// Every filter lets through what it names and nothing else.
pub(super) async fn records_are_filtered(scratch: Scratch) {
    let store = opened(&scratch).await;
    let mut wanted = record(5, "ann");
    wanted.action = AuditAction::SourceChange;
    wanted.decision = AuditDecision::Failed;
    wanted.code = Some("CONFLICT".to_owned());
    wanted.rule = Some("a_rule".to_owned());
    wanted.identified_by = Some(IdentifiedBy::ApiKey);
    wanted.target = Some("a role".to_owned());
    store
        .append([record(1, "bob"), wanted.clone(), record(9, "cid")].into())
        .await
        .unwrap();
    let all = AuditFilter::default();
    for filter in [
        AuditFilter {
            subject: Some("ann".to_owned()),
            ..all.clone()
        },
        AuditFilter {
            source: wanted.source,
            ..all.clone()
        },
        AuditFilter {
            identified_by: wanted.identified_by,
            ..all.clone()
        },
        AuditFilter {
            target: wanted.target.clone(),
            ..all.clone()
        },
        AuditFilter {
            action: Some(AuditAction::SourceChange),
            ..all.clone()
        },
        AuditFilter {
            decision: Some(AuditDecision::Failed),
            ..all.clone()
        },
        AuditFilter {
            code: wanted.code.clone(),
            ..all.clone()
        },
        AuditFilter {
            rule: wanted.rule.clone(),
            ..all.clone()
        },
        AuditFilter {
            correlation_id: Some("c5".to_owned()),
            ..all.clone()
        },
        AuditFilter {
            from: Some(UnixMicros(1_000_005)),
            to: Some(UnixMicros(1_000_009)),
            ..all.clone()
        },
    ] {
        let page = store.audit(&filter, &Page::default()).await.unwrap();
        assert_eq!(page.items, [wanted.clone()], "{filter:?}");
    }
}

/// Old records go, a bounded number at a time; young ones stay.
pub(super) async fn old_records_are_forgotten(scratch: Scratch) {
    let store = opened(&scratch).await;
    store
        .append((0..10).map(|number| record(number, "ann")).collect())
        .await
        .unwrap();
    let moment = UnixMicros(1_000_007);
    assert_eq!(store.forget_audit(moment, 4).await.unwrap(), 4);
    assert_eq!(store.forget_audit(moment, 4).await.unwrap(), 3);
    assert_eq!(store.forget_audit(moment, 4).await.unwrap(), 0);
    let page = store
        .audit(&AuditFilter::default(), &Page::default())
        .await
        .unwrap();
    let kept: Vec<u64> = page.items.iter().map(|record| record.rows).collect();
    assert_eq!(kept, [9, 8, 7]);
}
