//! Key rings are read, written once, and never shown.

use super::*;

const ONE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const TWO: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

#[test]
fn the_last_key_seals() {
    let ring = KeyRing::from_text(&format!("# old\na:{ONE}\n\n b.2-_:{TWO} \n")).unwrap();
    assert_eq!(ring.sealing_key_id(), "b.2-_");
    assert_eq!(ring.key_ids().collect::<Vec<_>>(), ["a", "b.2-_"]);
    assert_eq!(
        KeyRing::from_text(&format!("a:{ONE},b:{TWO}"))
            .unwrap()
            .sealing_key_id(),
        "b"
    );
}

#[test]
fn malformed_text_is_refused_without_being_quoted() {
    for (text, expected) in [
        (String::new(), "no key"),
        (format!("a:{ONE}\n{TWO}"), "line 2"),
        (format!("a b:{ONE}"), "identifier"),
        (format!("a:{ONE}\na:{TWO}"), "twice"),
        ("a:AQEB".to_owned(), "32 bytes"),
        ("a:AQ!B".to_owned(), "base64"),
    ] {
        let error = KeyRing::from_text(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("AQ"), "{error}");
    }
}

#[test]
fn debug_shows_identifiers_only() {
    let ring = KeyRing::from_text(&format!("a:{TWO}")).unwrap();
    assert_eq!(format!("{ring:?}"), r#"KeyRing(["a"])"#);
}

#[test]
fn a_generated_file_is_private_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring");
    let ring = KeyRing::generate_file(&path).unwrap();
    let loaded = KeyRing::load_file(&path).unwrap();
    assert_eq!(loaded.to_text(), ring.to_text());
    assert!(matches!(
        KeyRing::generate_file(&path),
        Err(KeyRingError::Exists { .. })
    ));
    assert_eq!(KeyRing::load_file(&path).unwrap().to_text(), ring.to_text());
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing else is left"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_everybody_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring");
    KeyRing::generate_file(&path).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(KeyRing::load_file(&path).is_ok());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let error = KeyRing::load_file(&path).unwrap_err().to_string();
    assert!(error.contains("chmod 600"), "{error}");
}
