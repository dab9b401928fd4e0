//! Failed logins, on record in a bounded share of the log.
//!
//! Nobody who fails to log in has proven anything, so nobody of them may take the room that real work needs: the first
//! failures from an address are recorded one by one, those beyond are counted, and a summary says how many there were.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use gateway_core::client_network;

/// The time that a summary covers.
pub(super) const INTERVAL: Duration = Duration::from_mins(1);

/// Failures of one address that are recorded one by one, in an interval.
const ONE_BY_ONE: u32 = 5;

/// Failures of all addresses that are recorded one by one, in an interval.
const ONE_BY_ONE_IN_ALL: u32 = 200;

/// Addresses that are told apart, in an interval.
const ADDRESSES: usize = 1000;

/// What is to be done with a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Record it.
    Record,
    /// It is counted.
    Counted,
}

/// The failures of the present interval.
#[derive(Debug, Default)]
pub(super) struct Logins {
    by_address: HashMap<String, Failures>,
    /// Those from addresses that could not be told apart any more, or that have none.
    others: Failures,
    recorded: u32,
}

#[derive(Debug, Default, Clone, Copy)]
struct Failures {
    recorded: u32,
    counted: u64,
}

/// What is said of an address at the end of an interval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summary {
    /// `None` for all that could not be told apart.
    pub(super) address: Option<String>,
    pub(super) count: u64,
}

impl Logins {
    /// Counts a failure. `has_room` says whether the queue has room to spare.
    pub(super) fn note(&mut self, remote: Option<&str>, has_room: bool) -> Verdict {
        let may_record = has_room && self.recorded < ONE_BY_ONE_IN_ALL;
        let known = self.by_address.len();
        let failures = match remote.map(network) {
            Some(address) if known < ADDRESSES || self.by_address.contains_key(&address) => {
                self.by_address.entry(address).or_default()
            }
            Some(_) | None => &mut self.others,
        };
        if may_record && failures.recorded < ONE_BY_ONE {
            failures.recorded += 1;
            self.recorded += 1;
            return Verdict::Record;
        }
        failures.counted += 1;
        Verdict::Counted
    }

    /// Ends the interval: what was counted and not recorded.
    pub(super) fn take(&mut self) -> Vec<Summary> {
        let ended = std::mem::take(self);
        let named = ended
            .by_address
            .into_iter()
            .map(|(address, failures)| (Some(address), failures));
        named
            .chain([(None, ended.others)])
            .filter(|(_, failures)| failures.counted > 0)
            .map(|(address, failures)| Summary {
                address,
                count: failures.counted,
            })
            .collect()
    }

    /// Counts in the present interval what found no room at the end of the last.
    pub(super) fn put_back(&mut self, summary: Summary) {
        let known = self.by_address.len();
        let failures = match summary.address {
            Some(address) if known < ADDRESSES || self.by_address.contains_key(&address) => {
                self.by_address.entry(address).or_default()
            }
            Some(_) | None => &mut self.others,
        };
        failures.counted += summary.count;
    }
}

/// The name of the network that an address counts to.
fn network(remote: &str) -> String {
    match remote.parse().map(client_network) {
        Ok(network @ IpAddr::V6(_)) => format!("{network}/64"),
        Ok(address @ IpAddr::V4(_)) => address.to_string(),
        Err(_) => remote.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(logins: &mut Logins, remote: &str, times: u64) -> u64 {
        let recorded = (0..times).filter(|_| logins.note(Some(remote), true) == Verdict::Record);
        recorded.count() as u64
    }

    #[test]
    fn the_first_are_recorded_and_the_rest_is_counted() {
        let mut logins = Logins::default();
        assert_eq!(noted(&mut logins, "10.0.0.1", 1000), 5);
        assert_eq!(noted(&mut logins, "10.0.0.2", 3), 3);
        let summary = Summary {
            address: Some("10.0.0.1".to_owned()),
            count: 995,
        };
        assert_eq!(logins.take(), std::slice::from_ref(&summary));
        assert_eq!(logins.take(), []);
        // The next interval begins anew; what found no room is not forgotten.
        logins.put_back(summary.clone());
        assert_eq!(noted(&mut logins, "10.0.0.1", 5), 5);
        assert_eq!(logins.take(), [summary]);
    }

    #[test]
    fn many_addresses_take_no_more_than_their_share() {
        let mut logins = Logins::default();
        let mut recorded = 0;
        for number in 0..100_000_u32 {
            let remote = IpAddr::from(number.to_be_bytes()).to_string();
            recorded += noted(&mut logins, &remote, 1);
        }
        assert_eq!(recorded, u64::from(ONE_BY_ONE_IN_ALL));
        assert_eq!(logins.by_address.len(), ADDRESSES);
        let summaries = logins.take();
        assert!(summaries.len() <= ADDRESSES + 1);
        let counted: u64 = summaries.iter().map(|summary| summary.count).sum();
        assert_eq!(counted + recorded, 100_000);
    }

    #[test]
    fn without_room_everything_is_counted() {
        let mut logins = Logins::default();
        assert_eq!(logins.note(None, false), Verdict::Counted);
        assert_eq!(
            logins.take(),
            [Summary {
                address: None,
                count: 1
            }]
        );
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        let mut logins = Logins::default();
        assert_eq!(noted(&mut logins, "2001:db8:1:2::1", 3), 3);
        assert_eq!(noted(&mut logins, "2001:db8:1:2:ffff::9", 3), 2);
        assert_eq!(noted(&mut logins, "2001:db8:1:3::1", 3), 3);
        assert_eq!(logins.take()[0].address.as_deref(), Some("2001:db8:1:2::/64"));
    }
}
