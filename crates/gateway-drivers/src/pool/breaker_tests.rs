//! The breaker's states, in a time that stands still.

use super::*;

fn breaker() -> Breaker {
    Breaker::new(BreakerSettings::default())
}

fn fail(breaker: &Breaker) {
    breaker.admit().unwrap().failed(ConnectFailure::Unreachable);
}

fn opened() -> Breaker {
    let breaker = breaker();
    (0..5).for_each(|_| fail(&breaker));
    breaker
}

fn told_to_wait(breaker: &Breaker) -> Duration {
    match breaker.admit() {
        Err(DriverError::Suspended { retry_in, .. }) => retry_in,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn it_opens_after_so_many_failures_one_after_another() {
    let breaker = breaker();
    (0..4).for_each(|_| fail(&breaker));
    breaker.admit().unwrap().succeeded();
    assert_eq!(breaker.cause(), None);
    (0..4).for_each(|_| fail(&breaker));
    assert_eq!(breaker.state(), BreakerState::Closed);
    fail(&breaker);
    assert_eq!(breaker.state(), BreakerState::Open);
    let wait = told_to_wait(&breaker);
    assert!(
        (Duration::from_millis(500)..=Duration::from_secs(1)).contains(&wait),
        "{wait:?}"
    );
    assert!(breaker.refusal().is_some());
}

#[tokio::test(start_paused = true)]
async fn after_the_pause_exactly_one_attempt_decides() {
    let breaker = opened();
    assert!(!breaker.awaits_trial());
    tokio::time::advance(told_to_wait(&breaker)).await;
    assert!(breaker.awaits_trial() && breaker.refusal().is_none());
    let trial = breaker.admit().unwrap();
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    assert_eq!(told_to_wait(&breaker), Duration::ZERO);
    trial.succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed);
    let (one, other) = (breaker.admit().unwrap(), breaker.admit().unwrap());
    one.succeeded();
    other.succeeded();
}

#[tokio::test(start_paused = true)]
async fn each_failed_trial_makes_the_pause_longer_up_to_a_bound() {
    let breaker = opened();
    let mut waits = Vec::new();
    for _ in 0..40 {
        let wait = told_to_wait(&breaker);
        waits.push(wait);
        tokio::time::advance(wait).await;
        fail(&breaker);
    }
    for (round, wait) in waits.iter().enumerate() {
        let due = Duration::from_secs(1_u64 << round.min(10)).min(Duration::from_secs(30));
        assert!((due / 2..=due).contains(wait), "round {round}: {wait:?}");
    }
    tokio::time::advance(told_to_wait(&breaker)).await;
    breaker.admit().unwrap().succeeded();
    (0..5).for_each(|_| fail(&breaker));
    assert!(
        told_to_wait(&breaker) <= Duration::from_secs(1),
        "a new outage begins anew"
    );
}

#[tokio::test(start_paused = true)]
async fn a_trial_without_a_verdict_lets_another_have_its_turn() {
    let breaker = opened();
    tokio::time::advance(told_to_wait(&breaker)).await;
    drop(breaker.admit().unwrap());
    assert_eq!(breaker.state(), BreakerState::Open);
    let wait = told_to_wait(&breaker);
    assert!(wait <= Duration::from_secs(1), "{wait:?}");
    tokio::time::advance(wait).await;
    breaker.admit().unwrap().succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn attempts_from_before_it_opened_cannot_keep_it_open_but_may_close_it() {
    let breaker = breaker();
    let early: Vec<_> = (0..7).map(|_| breaker.admit().unwrap()).collect();
    let mut early = early.into_iter();
    let last = early.next().unwrap();
    early.for_each(|attempt| attempt.failed(ConnectFailure::Refused));
    assert_eq!(breaker.cause(), Some(ConnectFailure::Refused));
    assert!(told_to_wait(&breaker) <= Duration::from_secs(1));
    last.succeeded();
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_off_never_opens() {
    let breaker = Breaker::new(BreakerSettings {
        failures: 0,
        ..BreakerSettings::default()
    });
    (0..1000).for_each(|_| fail(&breaker));
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[test]
fn a_refusal_says_since_when_and_how_long_and_nothing_else() {
    use gateway_core::{Classify, ErrorKind};
    let error = DriverError::Suspended {
        since: UnixMicros(1_767_225_600_000_000),
        cause: ConnectFailure::Refused,
        retry_in: Duration::from_millis(2300),
    };
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(error.retry_after(), Some(Duration::from_millis(2300)));
    assert_eq!(
        error.public_message(),
        "The data source has not been reachable since 2026-01-01T00:00:00.000Z (The database refused the configured account); \
         it is left alone for another 3 s"
    );
}
