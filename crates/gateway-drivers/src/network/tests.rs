//! Tests of the policy.

use super::*;

fn policy(allow: &[&str], deny: &[&str]) -> NetworkPolicy {
    NetworkPolicy::new(allow.iter().copied(), deny.iter().copied(), []).unwrap()
}

fn permits(policy: &NetworkPolicy, address: &str) -> bool {
    policy.permits(address.parse().unwrap())
}

#[test]
fn special_addresses_are_refused_in_every_spelling() {
    let open = policy(&[], &[]);
    for address in [
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "::ffff:127.0.0.1",
        "169.254.169.254",
        "::ffff:a9fe:a9fe",
        "fe80::1",
        "febf::1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "::ffff:0:169.254.169.254",
        "64:ff9b:1::1",
        "64:ff9b:1:ffff::a9fe:a9fe",
        "2001::1",
        "2001:0:a9fe:a9fe::1",
        "fd20:ce::254",
    ] {
        assert!(!permits(&open, address), "{address}");
    }
    for address in [
        "10.0.0.1",
        "192.0.2.1",
        "100.100.100.201",
        "2001:db8::1",
        "fd00:ec2::255",
        "64:ff9b::192.0.2.1",
        "64:ff9b:2::1",
        "::ffff:0:192.0.2.1",
        "2001:1::1",
        "fd20:ce::255",
    ] {
        assert!(permits(&open, address), "{address}");
    }
}

#[test]
fn only_a_network_within_them_allows_special_addresses() {
    let everything = policy(&["0.0.0.0/0", "::/0"], &[]);
    assert!(permits(&everything, "10.0.0.1") && permits(&everything, "2001:db8::1"));
    for address in ["127.0.0.1", "169.254.169.254", "::1"] {
        assert!(!permits(&everything, address), "{address}");
    }
    let some = policy(&["127.0.0.0/8", "169.254.0.0/16"], &[]);
    assert!(permits(&some, "127.0.0.1") && permits(&some, "::ffff:127.0.0.1"));
    assert!(permits(&some, "169.254.1.1"));
    assert!(
        !permits(&some, "169.254.169.254"),
        "this one must be named itself"
    );
    assert!(!permits(&some, "::1") && !permits(&some, "10.0.0.1"));
    assert!(permits(
        &policy(&["169.254.169.254", "169.254.0.0/16"], &[]),
        "169.254.169.254"
    ));
}

#[test]
fn deny_wins_over_allow() {
    let some = policy(
        &["10.0.0.0/8", "*.example.com"],
        &["10.0.0.1", "secret.example.com"],
    );
    assert!(permits(&some, "10.0.0.2") && !permits(&some, "10.0.0.1"));
    assert!(!permits(&some, "::ffff:10.0.0.1") && !permits(&some, "192.0.2.1"));
    let limits = some.0.unwrap();
    let address = "192.0.2.1".parse().unwrap();
    assert!(limits.permit(Some("db.example.com"), address));
    assert!(!limits.permit(Some("secret.example.com"), address));
    assert!(!limits.permit(Some("db.example.org"), address));
    let loopback = "127.0.0.1".parse().unwrap();
    assert!(
        !limits.permit(Some("db.example.com"), loopback),
        "a name may lead anywhere"
    );
}

fn at(host: &str) -> SourceConfig {
    SourceConfig {
        host: Some(host.to_owned()),
        ..SourceConfig::default()
    }
}

#[test]
fn what_is_plain_to_see_is_refused_at_once() {
    let named = policy(&["*.example.com"], &["*.secret.example.com"]);
    for (host, refused) in [
        ("db.example.com", false),
        ("db.secret.example.com", true),
        ("db.example.org", true),
        ("10.0.0.1", true),
        ("/var/run/postgresql", true),
    ] {
        assert_eq!(named.problem(&at(host)).is_some(), refused, "{host}");
    }
    assert_eq!(policy(&[], &[]).problem(&at("db.example.org")), None);
    assert_eq!(NetworkPolicy::unrestricted().problem(&at("127.0.0.1")), None);
}

#[tokio::test]
async fn every_address_of_a_descriptor_is_judged() {
    let two = |first: &str, second: &str| SourceConfig {
        connect_descriptor: Some(format!(
            "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST={first})(PORT=7))(ADDRESS=(PROTOCOL=tcp)(HOST={second}))\
             (CONNECT_DATA=(SID=X)))"
        )),
        ..SourceConfig::default()
    };
    let limited = policy(&["10.0.0.0/8"], &[]);
    assert_eq!(limited.problem(&two("10.0.0.1", "10.0.0.2")), None);
    let refused = limited.problem(&two("10.0.0.1", "127.0.0.1"));
    assert_eq!(refused.unwrap().field, "config.connectDescriptor");
    let found = limited.locate(&two("10.0.0.1", "127.0.0.1"), 0).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].place, Place::Tcp("10.0.0.1:7".parse().unwrap()));
}

#[tokio::test]
async fn names_are_judged_by_what_they_resolve_to() {
    let name = at("localhost");
    let refused = policy(&[], &[]).locate(&name, 5).await;
    assert!(
        matches!(
            refused,
            Err(DriverError::Connect {
                reason: ConnectFailure::Forbidden,
                ..
            })
        ),
        "{refused:?}"
    );
    let found = policy(&["127.0.0.0/8"], &[]).locate(&name, 5).await.unwrap();
    let place = Place::Tcp("127.0.0.1:5".parse().unwrap());
    let host = Some("localhost".to_owned());
    assert_eq!(found, [Destination { host, place }], "and only the permitted one");
}

#[tokio::test]
async fn files_are_found_in_permitted_folders_only() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let (inside, outside) = (root.join("inside"), root.join("outside"));
    for place in [&inside, &outside] {
        std::fs::create_dir(place).unwrap();
        std::fs::write(place.join("a.db"), "").unwrap();
    }
    std::os::unix::fs::symlink(outside.join("a.db"), inside.join("link.db")).unwrap();
    std::os::unix::fs::symlink(inside.join("a.db"), inside.join("near.db")).unwrap();
    let policy = NetworkPolicy::new([], [], [inside.clone()]).unwrap();
    let locate = async |path: String| {
        let config = SourceConfig {
            path: Some(path),
            ..SourceConfig::default()
        };
        (policy.problem(&config).is_some(), policy.locate(&config, 0).await)
    };
    for name in ["a.db", "near.db"] {
        let (problem, found) = locate(inside.join(name).display().to_string()).await;
        assert!(!problem);
        assert_eq!(found.unwrap()[0].place, Place::File(inside.join("a.db")));
    }
    let dotted = format!("{}/../outside/a.db", inside.display());
    for (path, seen_at_once) in [
        (outside.join("a.db").display().to_string(), true),
        (outside.join("no such file").display().to_string(), true),
        (dotted, true),
        ("a.db".to_owned(), true),
        (format!("file:{}", inside.join("a.db").display()), true),
        (inside.join("link.db").display().to_string(), false),
    ] {
        let (problem, found) = locate(path.clone()).await;
        assert_eq!(problem, seen_at_once, "{path}");
        assert!(
            matches!(
                found,
                Err(DriverError::Connect {
                    reason: ConnectFailure::Forbidden,
                    ..
                })
            ),
            "{path}: {found:?}"
        );
    }
}
