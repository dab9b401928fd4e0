//! What gRPC adds to HTTP/2 for a call with one message each way: a prefix before the message, and a status after it.

use http::HeaderMap;

use super::client::SendError;

/// A flag that says whether the message is compressed, and its length.
const PREFIX: usize = 5;

const STATUS: &str = "grpc-status";

/// A message as it goes into a request's body.
pub(super) fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut body = Vec::with_capacity(PREFIX + message.len());
    body.push(0);
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(message);
    body
}

/// The message of an answer, if its status is good. The status is in the trailers, or in the head of an answer that has
/// nothing else.
pub(super) fn unframed<'a>(
    head: &HeaderMap,
    trailers: Option<&HeaderMap>,
    body: &'a [u8],
) -> Result<&'a [u8], SendError> {
    let status = trailers.and_then(|trailers| trailers.get(STATUS));
    let status = status.or_else(|| head.get(STATUS));
    let status = status.and_then(|status| status.to_str().ok()?.parse::<u32>().ok());
    match status {
        Some(0) => {}
        Some(status) => return Err(SendError::Grpc(status)),
        None => return Err(SendError::Answer),
    }
    // Compression was not offered.
    let (prefix, message) = body.split_first_chunk::<PREFIX>().ok_or(SendError::Answer)?;
    let [0, length @ ..] = *prefix else {
        return Err(SendError::Answer);
    };
    let is_whole = usize::try_from(u32::from_be_bytes(length)) == Ok(message.len());
    is_whole.then_some(message).ok_or(SendError::Answer)
}

/// The statuses after which OTLP lets a client try again: cancelled, deadline exceeded, aborted, out of range, unavailable,
/// data loss.
pub(super) const fn is_passing(status: u32) -> bool {
    matches!(status, 1 | 4 | 10 | 11 | 14 | 15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn status(code: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(STATUS.parse().unwrap(), HeaderValue::from_static(code))])
    }

    #[test]
    fn messages_go_both_ways() {
        let body = framed(b"message");
        assert_eq!(body[..PREFIX], [0, 0, 0, 0, 7]);
        let (head, trailers) = (HeaderMap::new(), status("0"));
        assert_eq!(unframed(&head, Some(&trailers), &body).unwrap(), b"message");
    }

    #[test]
    fn a_bad_status_counts_wherever_it_is() {
        let nothing = HeaderMap::new();
        for (head, trailers) in [(status("14"), None), (nothing.clone(), Some(status("14")))] {
            let error = unframed(&head, trailers.as_ref(), &[]).unwrap_err();
            assert!(error.is_passing() && matches!(error, SendError::Grpc(14)));
        }
        let refused = unframed(&status("16"), None, &[]).unwrap_err();
        assert!(!refused.is_passing());
    }

    #[test]
    fn what_is_cut_compressed_or_without_a_status_is_no_answer() {
        let (nothing, good) = (HeaderMap::new(), status("0"));
        for (trailers, body) in [
            (None, framed(b"m")),
            (Some(&good), framed(b"m")[..3].to_vec()),
            (Some(&good), framed(b"message")[..8].to_vec()),
            (Some(&good), vec![1, 0, 0, 0, 0]),
        ] {
            assert!(matches!(
                unframed(&nothing, trailers, &body),
                Err(SendError::Answer)
            ));
        }
    }
}
