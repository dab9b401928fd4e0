//! What the operator permits when sessions are opened, changeable while pools are in use.

use std::sync::Arc;

use arc_swap::ArcSwap;
use gateway_core::{FieldProblem, Secret, SourceConfig};

use crate::{
    BreakerSettings, ConnectFailure, Driver, DriverError, NetworkPolicy, SecretPolicy, Session, Target,
};

/// Where sessions may go and what their secrets may refer to. Clones share their state: a change reaches every pool, from
/// its next connection on. The default permits everything and takes secrets as they are.
#[derive(Clone, Default)]
pub struct ConnectRules {
    network: Arc<ArcSwap<NetworkPolicy>>,
    secrets: Arc<ArcSwap<SecretPolicy>>,
    breaker: BreakerSettings,
}

impl ConnectRules {
    /// Rules to begin with.
    #[must_use]
    pub fn new(network: NetworkPolicy, secrets: SecretPolicy) -> Self {
        Self {
            network: Arc::new(ArcSwap::from_pointee(network)),
            secrets: Arc::new(ArcSwap::from_pointee(secrets)),
            breaker: BreakerSettings::default(),
        }
    }

    /// The same rules, with other bounds on how often a source that fails is connected to. Pools keep those that they were made
    /// with.
    #[must_use]
    pub fn with_breaker(self, breaker: BreakerSettings) -> Self {
        Self { breaker, ..self }
    }

    pub(crate) fn breaker(&self) -> BreakerSettings {
        self.breaker
    }

    /// Replaces where sessions may go. Sessions that are open stay open.
    pub fn set_network(&self, policy: NetworkPolicy) {
        self.network.store(Arc::new(policy));
    }

    /// Replaces what secrets may refer to.
    pub fn set_secrets(&self, policy: SecretPolicy) {
        self.secrets.store(Arc::new(policy));
    }

    /// What of a source can be refused by its text alone.
    #[must_use]
    pub fn problems(&self, config: &SourceConfig, password: Option<&Secret>) -> Vec<FieldProblem> {
        let secrets = self.secrets.load();
        let password = password.and_then(|password| secrets.problem("config.password", password));
        let key = config.tls_key.as_deref();
        let key = key.and_then(|key| secrets.problem_in_the_open("config.tlsKey", key));
        let network = self.network.load().problem(config);
        let found = network.into_iter().chain(password).chain(key);
        #[cfg(feature = "tls")]
        let found = found.chain(crate::tls::problem(config));
        found.collect()
    }

    /// Opens a session at the first permitted place that answers.
    pub(crate) async fn connect(
        &self,
        driver: &dyn Driver,
        config: &SourceConfig,
        password: Option<&Secret>,
    ) -> Result<Box<dyn Session>, DriverError> {
        let default_port = driver.engine().default_port().unwrap_or_default();
        // Nothing is kept borrowed across a wait: a change must not have to wait for slow networks.
        let (network, secrets) = (self.network.load_full(), self.secrets.load_full());
        let places = network.locate(config, default_port).await?;
        let password = match password {
            Some(stored) => Some(secrets.resolve(stored).await?),
            None => None,
        };
        let tls_key = match &config.tls_key {
            Some(reference) => Some(secrets.resolve(&Secret::new(reference.as_str())).await?),
            None => None,
        };
        let mut failed = DriverError::Connect {
            reason: ConnectFailure::Unreachable,
            message: "no address".into(),
        };
        for destination in &places {
            let target = Target {
                config,
                host: destination.host.as_deref(),
                place: &destination.place,
                network: &network,
                password: password.as_ref(),
                tls_key: tls_key.as_ref(),
            };
            match driver.connect(&target).await {
                Err(
                    failure @ DriverError::Connect {
                        reason: ConnectFailure::Unreachable,
                        ..
                    },
                ) => failed = failure,
                outcome => return outcome,
            }
        }
        Err(failed)
    }
}
