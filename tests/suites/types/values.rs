//! Parameters that fit, and some that do not.

/// A condition that holds for a value, with {} for the placeholder, and the value as JSON.
pub(super) type Holds = (&'static str, &'static str);

/// A statement, its parameters, and what the answer must name.
pub(super) type Unfit = (&'static str, &'static str, &'static str);

pub(super) const EVERYWHERE: [Holds; 10] = [
    ("2 = {}", "2"),
    ("2 IN ({})", "[1, 2, 3]"),
    ("'b' IN ({})", r#"["a", "b", null]"#),
    ("9007199254740993 IN ({})", "[9007199254740993]"),
    ("9223372036854775807 = {}", "9223372036854775807"),
    (
        "-9223372036854775807 = {}",
        r#"{"type": "int64", "value": "-9223372036854775807"}"#,
    ),
    ("'{} :value $1 ? ü' <> {} /* {} */", r#""O'Neil \"ü\" \\ ?""#),
    ("0.5 = {}", "0.5"),
    ("0.5 = {}", r#"{"type": "double", "value": "0.5"}"#),
    ("coalesce({}, 'nothing') = 'nothing'", "null"),
];

pub(super) const POSTGRESQL: [Holds; 56] = [
    ("true = {}", "true"),
    ("{}::boolean", r#""yes""#),
    ("smallint '5' = {}", "5"),
    ("smallint '5' = {}", r#""5""#),
    ("bigint '9007199254740993' = {}", r#""9007199254740993""#),
    ("oid '4294967295' = {}", "4294967295"),
    ("numeric '12.50' = {}", r#""12.50""#),
    ("({}::numeric)::text = '12.50'", r#""12.50""#),
    ("({}::numeric)::text = '12.50'", "12.50"),
    (
        "({}::numeric)::text = '1234567890123456789012345.678901234567890123456789'",
        "1234567890123456789012345.678901234567890123456789",
    ),
    (
        "({}::numeric)::text = '18446744073709551615'",
        "18446744073709551615",
    ),
    (
        "({}::numeric)::text = '12.50'",
        r#"{"type": "decimal", "value": "12.50"}"#,
    ),
    ("numeric 'NaN' = {}", r#""NaN""#),
    ("numeric '1e100' = {}", "1e100"),
    ("float8 '0.1' = {}", "0.1"),
    ("float8 'infinity' = {}", r#""Infinity""#),
    ("real '1.5' = {}", "1.5"),
    ("date '2026-01-31' = {}", r#""2026-01-31""#),
    (
        "date '2026-01-31' = {}",
        r#"{"type": "date", "value": "2026-01-31"}"#,
    ),
    ("date 'infinity' = {}", r#""infinity""#),
    ("date '0044-03-15 BC' = {}", r#""0044-03-15 BC""#),
    ("time '12:34:56.789' = {}", r#""12:34:56.789""#),
    ("timetz '12:34:56+02' = {}", r#""12:34:56+02:00""#),
    (
        "timestamp '2026-01-31 12:34:56.789' = {}",
        r#""2026-01-31T12:34:56.789""#,
    ),
    (
        "timestamp '2026-01-31 12:34:56' = {}",
        r#"{"type": "timestamp", "value": "2026-01-31T12:34:56"}"#,
    ),
    (
        "timestamptz '2026-01-31 10:34:56Z' = {}",
        r#""2026-01-31T12:34:56+02:00""#,
    ),
    (
        "timestamptz '2026-01-31 10:34:56Z' = {}",
        r#""2026-01-31T10:34:56Z""#,
    ),
    (
        "timestamptz '2026-01-31 10:34:56Z' = {}",
        r#"{"type": "timestamptz", "value": "2026-01-31T12:34:56+02:00"}"#,
    ),
    ("interval '1 day 2 hours' = {}", r#""P1DT2H""#),
    (
        "uuid '550e8400-e29b-41d4-a716-446655440000' = {}",
        r#""550e8400-e29b-41d4-a716-446655440000""#,
    ),
    (
        "uuid '550e8400-e29b-41d4-a716-446655440000' = {}",
        r#"{"type": "uuid", "value": "550E8400-E29B-41D4-A716-446655440000"}"#,
    ),
    ("jsonb '{\"a\": [1, 2.50]}' = {}", r#""{\"a\": [1, 2.50]}""#),
    (
        "jsonb '{\"a\": [1, 2.50]}' = {}",
        r#"{"type": "json", "value": {"a": [1, 2.50]}}"#,
    ),
    (
        "jsonb '{\"a\": 1}' @> {}",
        r#"{"type": "json", "value": "{\"a\": 1}"}"#,
    ),
    ("({}::json)->>'a' = '1.10'", r#""{\"a\": 1.10}""#),
    ("bytea '\\x00ff10' = {}", r#"{"type": "binary", "value": "AP8Q"}"#),
    ("bytea '\\x00ff10' = {}", r#""\\x00ff10""#),
    ("inet '10.0.0.1' << {}", r#""10.0.0.0/8""#),
    ("macaddr '08:00:2b:01:02:03' = {}", r#""08:00:2b:01:02:03""#),
    ("'[1,5)'::int4range = {}", r#""[1,4]""#),
    ("3 <@ {}::int4range", r#""[1,5)""#),
    ("B'101' = {}", r#""101""#),
    ("tp_mood 'happy' = {}", r#""happy""#),
    ("{}::tp_positive = 5", "5"),
    ("{}::tp_price = 12.5", r#""12.50""#),
    ("({}::tp_pair).a = 1", r#""(1,two)""#),
    ("2 = ANY({})", "[1, 2, 3]"),
    ("2 = ANY({})", "[1, null, 2]"),
    ("date '2026-01-31' = ANY({})", r#"["2026-01-30", "2026-01-31"]"#),
    (
        "numeric '12.50' = ANY({})",
        r#"[1, "12.50", 12345678901234567890.5]"#,
    ),
    ("'b,\"{}\\' = ANY({}::text[])", r#"["a", "b,\"{}\\"]"#),
    (
        "uuid '550e8400-e29b-41d4-a716-446655440000' = ANY({})",
        r#"["550e8400-e29b-41d4-a716-446655440000"]"#,
    ),
    ("tp_mood 'happy' = ANY({})", r#"["sad", "happy"]"#),
    (
        "bytea '\\x00ff' = ANY({})",
        r#"[{"type": "binary", "value": "AP8="}]"#,
    ),
    ("{}::integer[] = ARRAY[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]"),
    ("cardinality({}::integer[]) = 0", "[]"),
];

pub(super) const MYSQL: [Holds; 12] = [
    (
        "CAST(18446744073709551615 AS UNSIGNED) = {}",
        "18446744073709551615",
    ),
    (
        "CAST('12345678901234567890.123456789' AS DECIMAL(65,9)) = {}",
        r#"{"type": "decimal", "value": "12345678901234567890.123456789"}"#,
    ),
    (
        "CAST('12345678901234567890.123456789' AS DECIMAL(65,9)) = {}",
        "12345678901234567890.123456789",
    ),
    (
        "CAST({} AS CHAR) = '12.50'",
        r#"{"type": "decimal", "value": "12.50"}"#,
    ),
    ("CAST('2026-01-31' AS DATE) = {}", r#""2026-01-31""#),
    (
        "CAST('2026-01-31' AS DATE) = {}",
        r#"{"type": "date", "value": "2026-01-31"}"#,
    ),
    (
        "CAST('12:34:56.789' AS TIME(3)) = {}",
        r#"{"type": "time", "value": "12:34:56.789"}"#,
    ),
    (
        "CAST('2026-01-31 12:34:56.789' AS DATETIME(3)) = {}",
        r#"{"type": "timestamp", "value": "2026-01-31T12:34:56.789"}"#,
    ),
    (
        "CAST('2026-01-31 10:34:56' AS DATETIME) = {}",
        r#"{"type": "timestamptz", "value": "2026-01-31T12:34:56+02:00"}"#,
    ),
    ("HEX({}) = '00FF10'", r#"{"type": "binary", "value": "AP8Q"}"#),
    ("1 = {}", "true"),
    (
        "JSON_EXTRACT({}, '$.a') = 1",
        r#"{"type": "json", "value": {"a": 1}}"#,
    ),
];

pub(super) const SQLITE: [Holds; 9] = [
    ("12.5 = {}", r#"{"type": "decimal", "value": "12.50"}"#),
    ("'2026-01-31' = {}", r#""2026-01-31""#),
    (
        "date('2026-01-31') = {}",
        r#"{"type": "date", "value": "2026-01-31"}"#,
    ),
    (
        "time('12:34:56') = {}",
        r#"{"type": "time", "value": "12:34:56"}"#,
    ),
    (
        "datetime('2026-01-31 12:34:56') = {}",
        r#"{"type": "timestamp", "value": "2026-01-31T12:34:56"}"#,
    ),
    (
        "datetime('2026-01-31 10:34:56') = {}",
        r#"{"type": "timestamptz", "value": "2026-01-31T12:34:56+02:00"}"#,
    ),
    ("x'00ff10' = {}", r#"{"type": "binary", "value": "AP8Q"}"#),
    ("1 = {}", "true"),
    (
        "json_extract({}, '$.a') = 1",
        r#"{"type": "json", "value": {"a": 1}}"#,
    ),
];

pub(super) const UNFIT: [Unfit; 9] = [
    ("SELECT :a AS v", "{}", "a"),
    ("SELECT :a AS v", r#"{"a": 1, "spare": 2}"#, "spare"),
    ("SELECT :a AS v, :b AS w", r#"{"a": 1}"#, "b"),
    ("SELECT ? AS v", "[]", "$1"),
    ("SELECT ? AS v", "[1, 2]", "$2"),
    ("SELECT $2 AS v", "[1, 2]", "$1"),
    ("SELECT 1 AS v WHERE 1 IN (:ids)", r#"{"ids": []}"#, "ids"),
    ("SELECT 1 AS v WHERE 1 IN (:ids)", r#"{"ids": [[1]]}"#, "ids"),
    (
        "SELECT :day AS v",
        r#"{"day": {"type": "date", "value": "soon"}}"#,
        "day",
    ),
];

/// A condition and a value that does not fit it.
pub(super) const UNFIT_ON_POSTGRESQL: [Holds; 22] = [
    ("1 = {}", r#""secret""#),
    ("1 = {}", "1.5"),
    ("1 = {}", "true"),
    ("1 = {}", "9007199254740993"),
    ("true = {}", "17"),
    ("true = {}", r#""secret""#),
    ("numeric '1' = {}", r#""secret""#),
    ("date '2026-01-31' = {}", r#""secret""#),
    ("date '2026-01-31' = {}", r#""2026-13-45""#),
    ("date '2026-01-31' = {}", "20260131"),
    ("timestamptz '2026-01-31' = {}", r#""secret""#),
    ("interval '1 day' = {}", r#""secret""#),
    ("uuid '550e8400-e29b-41d4-a716-446655440000' = {}", r#""secret""#),
    ("jsonb '1' = {}", r#""{secret""#),
    ("bytea '\\x00' = {}", r#""\\xsecret""#),
    ("inet '10.0.0.1' = {}", r#""secret""#),
    ("tp_mood 'happy' = {}", r#""secret""#),
    ("{}::tp_positive = 5", "-717171717"),
    ("1 = ANY({})", r#"["secret"]"#),
    ("1 = ANY({})", "717171717"),
    ("date '2026-01-31' = ANY({})", r#"["2026-01-31", "secret"]"#),
    ("'a' = {}::text", "[1]"),
];

pub(super) const UNFIT_ON_MYSQL: [Holds; 4] = [
    (
        "1 = {}",
        r#"{"type": "decimal", "value": "1234567890123456789012345678901234567890123456789012345678901234567890"}"#,
    ),
    ("1 = {}", "0.1234567890123456789012345678901"),
    ("1 = {}", "1e400"),
    ("1 = {}", "[1]"),
];

pub(super) const UNFIT_ON_SQLITE: [Holds; 3] = [
    ("1 = {}", "18446744073709551615"),
    ("1 = {}", "1e400"),
    ("1 = {}", "[1]"),
];
