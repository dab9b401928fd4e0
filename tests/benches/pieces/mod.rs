//! What every request passes through, in pieces that can be measured one by one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use gateway_core::{
    ApprovedSql, BatchBuilder, Cell, Column, DataSourceId, Engine, Frame, Grant, IdentifiedBy, ParamValue,
    Parameters, Principal, QuerySummary, Scope, Secret, SourceConfig, SourceDraft, SourceGrant, SourceStatus,
    StandardType,
};
use gateway_drivers::Drivers;
use gateway_http::auth::{
    Accepted, Algorithm, Authenticator, Credentials, KeySet, Kinds, LoginThrottle, TokenRequest, TokenRules,
    TokenVerifier, VerifyingKey, mint,
};
use gateway_http::testkit::{AnswerFormat, encode};
use gateway_service::{
    AccessService, AdmissionSettings, AuditSettings, Auditor, QueryService, QuerySettings, SlowQueries,
    SourceService,
};
use gateway_sql::{CachedValidator, Policy, Validator};
use gateway_store::{KeyRing, Store, StoreOptions};
use nexus_tests::SECRET;
use slog::{Discard, Logger, o};

/// Different tokens that are at hand.
pub(crate) const TOKENS: usize = 400;

const ROWS: i32 = 100;
const COLUMNS: usize = 10;

/// About 200 bytes, as people write it.
const TYPICAL: &str = "SELECT o.id, c.name, SUM(l.amount) AS total FROM orders o JOIN customers c ON c.id = o.customer_id \
    LEFT JOIN lines l ON l.order_id = o.id WHERE o.created >= ? AND o.kind = ? GROUP BY o.id, c.name ORDER BY total";

/// One piece, ready to run as often as wanted; it is told for which time.
pub(crate) type Piece = Box<dyn FnMut(usize)>;

/// What makes a piece.
type Make = fn() -> Piece;

/// Every piece: its name, how often it must run for its instructions to stand out from those around it, and what makes it.
pub(crate) const PIECES: [(&str, usize, Make); 10] = [
    ("verdict_remembered", 5_000, verdict),
    ("bind", 5_000, bind),
    ("token_remembered", 5_000, token_remembered),
    ("token_verified", TOKENS, token_verified),
    ("route", 5_000, route),
    ("json_integers", 200, || rows(AnswerFormat::Json, Kind::Integers)),
    ("json_texts", 200, || rows(AnswerFormat::Json, Kind::Texts)),
    ("json_decimals", 200, || rows(AnswerFormat::Json, Kind::Decimals)),
    ("csv_texts", 200, || rows(AnswerFormat::Csv, Kind::Texts)),
    ("arrow_texts", 200, || rows(AnswerFormat::Arrow, Kind::Texts)),
];

/// A verdict on a statement that was judged before.
fn verdict() -> Piece {
    let cache = CachedValidator::new(Validator::new(Engine::MySql, Policy::default()), 1_000);
    for _ in 0..3 {
        cache.approve(TYPICAL).unwrap();
    }
    Box::new(move |_| {
        std::hint::black_box(cache.approve(TYPICAL).unwrap());
    })
}

/// Two placeholders and a cap, for PostgreSQL, where the marks change.
fn bind() -> Piece {
    let approved: ApprovedSql = Validator::new(Engine::PostgreSql, Policy::default())
        .approve(TYPICAL)
        .unwrap();
    let values = Parameters::Positional(vec![
        ParamValue::Text("2026-01-31".into()),
        ParamValue::Text("retail".into()),
    ]);
    Box::new(move |_| {
        std::hint::black_box(approved.bind(&values, Some(1001)).unwrap());
    })
}

/// A token that was accepted before.
fn token_remembered() -> Piece {
    let desk = Desk::new();
    let authenticator = desk.authenticator();
    let header = format!("Bearer {}", token(0));
    Box::new(move |_| {
        let credentials = Credentials {
            authorization: Some(&header),
            ..Credentials::default()
        };
        std::hint::black_box(authenticator.identify(&credentials).unwrap());
    })
}

/// A token that was never seen, signed with HS256.
fn token_verified() -> Piece {
    let desk = Desk::new();
    let authenticator = desk.authenticator();
    let headers: Vec<String> = (0..TOKENS)
        .map(|number| format!("Bearer {}", token(number)))
        .collect();
    Box::new(move |number| {
        let credentials = Credentials {
            authorization: Some(&headers[number % TOKENS]),
            ..Credentials::default()
        };
        std::hint::black_box(authenticator.identify(&credentials).unwrap());
    })
}

fn token(number: usize) -> String {
    let request = TokenRequest {
        subject: format!("caller {number}"),
        scopes: [Scope::Query].into_iter().collect(),
        sources: SourceGrant::All,
        ttl: Duration::from_secs(3600),
        issuer: None,
        audience: None,
    };
    mint(&Secret::new(SECRET), Algorithm::Hs256, &request).unwrap()
}

/// From a known caller and a source's id to an approved statement.
fn route() -> Piece {
    let desk = Desk::new();
    let (queries, id) = desk.queries();
    let caller = Principal {
        subject: "bench".to_owned(),
        identified_by: IdentifiedBy::Token,
        grants: vec![Grant::new([Scope::Query].into_iter().collect(), SourceGrant::All)],
    };
    for _ in 0..3 {
        queries.check(&caller, id, TYPICAL).unwrap().unwrap();
    }
    Box::new(move |_| {
        std::hint::black_box(queries.check(&caller, id, TYPICAL).unwrap().unwrap());
    })
}

/// Services on an embedded store.
struct Desk {
    runtime: tokio::runtime::Runtime,
    store: Arc<dyn Store>,
    sources: Arc<SourceService>,
    auditor: Auditor,
}

impl Desk {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let folder = tempfile::tempdir().unwrap().keep();
        let place = folder.join("store.db");
        let ring = KeyRing::generate_file(&folder.join("keyring")).unwrap();
        let url = format!("sqlite://{}", place.display()).parse().unwrap();
        let entered = runtime.enter();
        let store = runtime
            .block_on(gateway_store::open(&url, ring, &StoreOptions::default()))
            .unwrap();
        let log = Logger::root(Discard, o!());
        let auditor = Auditor::start(Arc::clone(&store), vec![], AuditSettings::default(), log);
        let sources = SourceService::new(Arc::clone(&store), Drivers::builtin(), auditor.clone());
        drop(entered);
        // What is open stays readable.
        std::fs::remove_dir_all(folder).unwrap();
        Self {
            runtime,
            store,
            sources: Arc::new(sources),
            auditor,
        }
    }

    fn authenticator(self) -> Authenticator {
        let key = VerifyingKey::from_secret(&Secret::new(SECRET), Algorithm::Hs256).unwrap();
        let tokens = TokenVerifier::fixed(KeySet::new(vec![key]), TokenRules::default());
        let kinds = Kinds {
            tokens: Some(tokens),
            ..Kinds::default()
        };
        let access = AccessService::new(self.store, self.sources, self.auditor);
        let authenticator = Authenticator::new(
            Accepted::Credentials(Box::new(kinds)),
            Arc::new(access),
            LoginThrottle::new(None),
        );
        std::mem::forget(self.runtime);
        authenticator
    }

    fn queries(self) -> (QueryService, DataSourceId) {
        let draft = SourceDraft {
            name: "measured".to_owned(),
            engine: Engine::MySql,
            description: String::new(),
            status: SourceStatus::Active,
            config: SourceConfig {
                host: Some("db.example.com".to_owned()),
                database: Some("shop".to_owned()),
                username: Some("reader".to_owned()),
                ..SourceConfig::default()
            },
            password: Some(Secret::new("secret")),
        };
        let id = self.runtime.block_on(self.store.create(&draft)).unwrap().id;
        self.runtime.block_on(self.sources.refresh()).unwrap();
        let log = Logger::root(Discard, o!());
        let queries = QueryService::new(
            self.sources,
            self.auditor,
            Arc::new(ArcSwap::from_pointee(QuerySettings::default())),
            AdmissionSettings::default(),
            Arc::new(SlowQueries::new(log, None)),
        );
        std::mem::forget(self.runtime);
        (queries, id)
    }
}

/// What is in the cells.
#[derive(Clone, Copy)]
enum Kind {
    Integers,
    Texts,
    Decimals,
}

/// A hundred rows of ten columns.
fn rows(format: AnswerFormat, kind: Kind) -> Piece {
    let standard = match kind {
        Kind::Integers => StandardType::Integer,
        Kind::Texts => StandardType::String,
        Kind::Decimals => StandardType::Decimal,
    };
    let columns: Arc<[Column]> = (0..COLUMNS)
        .map(|number| Column::new(format!("column_{number}"), standard, "native"))
        .collect();
    let mut builder = BatchBuilder::new(COLUMNS);
    for number in 0..ROWS * 10 {
        match kind {
            Kind::Integers => builder.push(Cell::Int(i64::from(number) * 7919)),
            // One in ten has something to escape.
            Kind::Texts if number % 10 == 0 => {
                builder.push_text(&format!("customer \"{number}\" of the shop"));
            }
            Kind::Texts => builder.push_text(&format!("customer number {number} of it")),
            Kind::Decimals => builder.push_text(&format!("{number}.{:02}", number % 100)),
        }
    }
    let frames = [
        Frame::Columns(columns),
        Frame::Batch(builder.take()),
        Frame::End(QuerySummary {
            rows: 100,
            bytes: 0,
            truncated_by: None,
            elapsed: Instant::now().elapsed(),
        }),
    ];
    let mut out = Vec::with_capacity(256 * 1024);
    Box::new(move |_| {
        out.clear();
        encode(frames.iter().cloned(), format, &mut out).unwrap();
        std::hint::black_box(&out);
    })
}
