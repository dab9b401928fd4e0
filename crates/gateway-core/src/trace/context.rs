//! Which trace a request belongs to, as W3C Trace Context writes it in the header `traceparent`.

use std::fmt;

/// The longest `tracestate` that is passed on, in bytes; every implementation must take that many.
const LONGEST_STATE: usize = 512;

/// A trace: everything that was done for one purpose, by however many services.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId(pub [u8; 16]);

/// One span of a trace.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(pub [u8; 8]);

impl TraceId {
    /// The bits by which services agree, without talking, whether a trace is kept: the last 56, which must be random.
    #[must_use]
    pub fn randomness(self) -> u64 {
        let [_, _, _, _, _, _, _, _, _, tail @ ..] = self.0;
        tail.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_hex(&self.0, f)
    }
}

impl fmt::Debug for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// A span that others may continue. `Display` writes it as a `traceparent`.
///
/// ```
/// use gateway_core::trace::TraceContext;
///
/// let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// let context = TraceContext::parse(text).unwrap();
/// assert!(context.is_sampled);
/// assert_eq!(context.to_string(), text);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace.
    pub trace: TraceId,
    /// The span.
    pub span: SpanId,
    /// Whether it is kept.
    pub is_sampled: bool,
}

impl TraceContext {
    /// Reads a `traceparent`, of a later version too, as far as it is like this one. `None` if it is not valid: then the
    /// trace begins anew.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.trim_matches([' ', '\t']).as_bytes();
        let (known, further) = bytes.split_at_checked(55)?;
        let version = hex::<1>(&known[..2])?[0];
        let is_whole = match version {
            0 => further.is_empty(),
            255 => false,
            _ => further.is_empty() || further[0] == b'-',
        };
        let is_parted = [2, 35, 52].iter().all(|at| known[*at] == b'-');
        if !is_whole || !is_parted {
            return None;
        }
        let (trace, span) = (hex(&known[3..35])?, hex(&known[36..52])?);
        let flags = hex::<1>(&known[53..55])?[0];
        (trace != [0; 16] && span != [0; 8]).then_some(Self {
            trace: TraceId(trace),
            span: SpanId(span),
            is_sampled: flags & 1 == 1,
        })
    }
}

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "00-{}-{}-{:02x}",
            self.trace,
            self.span,
            u8::from(self.is_sampled)
        )
    }
}

/// Lower-case hexadecimal digits, and no others.
fn hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// Whether a `tracestate` can be passed on as it is.
#[must_use]
pub fn is_trace_state(text: &str) -> bool {
    let is_printable = |byte: u8| (b' '..=b'~').contains(&byte);
    let has_members = text
        .split(',')
        .all(|member| member.trim().is_empty() || member.contains('='));
    !text.trim().is_empty() && text.len() <= LONGEST_STATE && text.bytes().all(is_printable) && has_members
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn what_is_not_valid_begins_a_trace_anew() {
        for wrong in [
            String::new(),
            "00".to_owned(),
            format!("00-{TRACE}-00f067aa0ba902b7"),
            format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{TRACE}-00f067aa0ba902b7-0x"),
            format!("01-{TRACE}-00f067aa0ba902b7-01more"),
            format!("00_{TRACE}_00f067aa0ba902b7_01"),
            format!("00-{TRACE}-00f067aa0ba902bé-01"),
        ] {
            assert_eq!(TraceContext::parse(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn flags_and_later_versions_are_read() {
        for (text, is_sampled) in [
            (format!("00-{TRACE}-00f067aa0ba902b7-00"), false),
            (format!("00-{TRACE}-00f067aa0ba902b7-02"), false),
            (format!("00-{TRACE}-00f067aa0ba902b7-03"), true),
            (
                format!("cc-{TRACE}-00f067aa0ba902b7-01-what-the-future-brings"),
                true,
            ),
            (format!(" 00-{TRACE}-00f067aa0ba902b7-01\t"), true),
        ] {
            let context = TraceContext::parse(&text).unwrap();
            assert_eq!(context.is_sampled, is_sampled, "{text}");
            assert_eq!(context.trace.to_string(), TRACE);
            assert_eq!(context.span.to_string(), "00f067aa0ba902b7");
        }
    }

    #[test]
    fn the_last_bits_are_what_services_agree_by() {
        let context = TraceContext::parse(&format!("00-{TRACE}-00f067aa0ba902b7-00")).unwrap();
        assert_eq!(context.trace.randomness(), 0x00ce_929d_0e0e_4736);
    }

    #[test]
    fn states_are_passed_on_or_dropped() {
        assert!(is_trace_state("vendor=value, other=1"));
        for wrong in ["", "  ", "novalue", "a=\n", &format!("a={}", "x".repeat(600))] {
            assert!(!is_trace_state(wrong), "{wrong}");
        }
    }
}
