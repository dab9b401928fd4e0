//! What rustls is told of one connection.

use std::sync::Arc;

use rustls::ClientConfig;

use super::{TlsPlan, identity, provider, settings, verify};
use crate::{DriverError, Target};

/// How to speak TLS to a target; `None` if it is to be reached in plain text.
pub(crate) async fn client_config(target: &Target<'_>) -> Result<Option<Arc<ClientConfig>>, DriverError> {
    let Some(plan) = TlsPlan::of(target).await? else {
        return Ok(None);
    };
    let provider = provider();
    let verifier = verify::verifier(plan.mode(), plan.roots(), &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|failure| settings(&failure.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let config = match identity(target)? {
        None => builder.with_no_client_auth(),
        Some((chain, key)) => builder
            .with_client_auth_cert(chain, key)
            .map_err(|failure| settings(&format!("tlsCert and tlsKey: {failure}")))?,
    };
    Ok(Some(Arc::new(config)))
}
