//! Whether a connection to the relay comes from this very process. Anybody on the machine can connect to a loopback port; only
//! the client library may be let through to the database.

use std::net::SocketAddr;

/// Whether the socket at `peer`, connected to our `local`, is one of this process's.
#[cfg(target_os = "linux")]
pub(super) fn is_ours(peer: SocketAddr, local: SocketAddr) -> bool {
    use std::fs;

    let (SocketAddr::V4(peer), SocketAddr::V4(local)) = (peer, local) else {
        return false;
    };
    // /proc writes the address as the kernel's own number.
    let shown = |address: std::net::SocketAddrV4| {
        let number = u32::from_ne_bytes(address.ip().octets());
        format!("{number:08X}:{:04X}", address.port())
    };
    let (theirs, ours) = (shown(peer), shown(local));
    let Ok(table) = fs::read_to_string("/proc/self/net/tcp") else {
        return false;
    };
    let inode = table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let is_it = *fields.get(1)? == theirs && *fields.get(2)? == ours;
        is_it.then(|| fields.get(9).map(|inode| format!("socket:[{inode}]")))?
    });
    let (Some(inode), Ok(open)) = (inode, fs::read_dir("/proc/self/fd")) else {
        return false;
    };
    open.filter_map(Result::ok)
        .any(|entry| fs::read_link(entry.path()).is_ok_and(|target| target.as_os_str() == inode.as_str()))
}

/// Elsewhere there is no such table to look into.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_ours(_: SocketAddr, _: SocketAddr) -> bool {
    true
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::process::Command;

    use super::*;

    #[test]
    fn only_our_own_sockets_are_ours() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let local = listener.local_addr().unwrap();
        let stream = TcpStream::connect(local).unwrap();
        let (_accepted, peer) = listener.accept().unwrap();
        assert_eq!(stream.local_addr().unwrap(), peer);
        assert!(is_ours(peer, local));
        // Another process that connects by a shell's own means.
        let script = format!("exec 3<>/dev/tcp/127.0.0.1/{}; read -r _ <&3", local.port());
        let mut other = Command::new("bash").args(["-c", &script]).spawn().unwrap();
        let (_theirs, peer) = listener.accept().unwrap();
        assert!(!is_ours(peer, local));
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
