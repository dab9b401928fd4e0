//! Authorities and certificates of the trials' own, and putting them to use on a real server.

use std::path::PathBuf;

use gateway_core::Engine;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, date_time_ymd,
};

use crate::{Database, Failed, Server};

/// An authority.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, as PEM.
pub struct Leaf {
    /// The certificate.
    pub certificate: String,
    /// The private key.
    pub key: String,
}

impl Authority {
    /// A new one called `name`, which signs with SHA-256.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn new(name: &str) -> Result<Self, Failed> {
        Self::signing_with(&PKCS_ECDSA_P256_SHA256, name)
    }

    /// A new one, which signs with SHA-384.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn with_sha384() -> Result<Self, Failed> {
        Self::signing_with(&PKCS_ECDSA_P384_SHA384, "SHA-384")
    }

    fn signing_with(algorithm: &'static rcgen::SignatureAlgorithm, name: &str) -> Result<Self, Failed> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate_for(algorithm)?;
        Ok(Self(CertifiedIssuer::self_signed(params, key)?))
    }

    /// Its own certificate, as PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for `name`, for servers and clients.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn certify(&self, name: &str) -> Result<Leaf, Failed> {
        self.sign(leaf(name)?)
    }

    /// As [`Authority::certify`], and it has expired.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn certify_for_the_past(&self, name: &str) -> Result<Leaf, Failed> {
        let mut params = leaf(name)?;
        params.not_after = date_time_ymd(2020, 1, 1);
        self.sign(params)
    }

    fn sign(&self, mut params: CertificateParams) -> Result<Leaf, Failed> {
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let key = KeyPair::generate()?;
        Ok(Leaf {
            certificate: params.signed_by(&key, &self.0)?.pem(),
            key: key.serialize_pem(),
        })
    }
}

fn leaf(name: &str) -> Result<CertificateParams, Failed> {
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

/// What a server shows to its clients, changed while it runs. Only for trials that have the server alone. The files it had
/// are put back at the end.
pub struct ServerCertificate {
    database: Database,
    engine: Engine,
    kept: Vec<(PathBuf, Vec<u8>)>,
}

impl ServerCertificate {
    /// Of a server of the test bed.
    ///
    /// # Errors
    ///
    /// If its files cannot be read.
    pub fn of(server: &Server) -> Result<Self, Failed> {
        let folder = server.tls_folder()?;
        let kept = ["ca.crt", "server.crt", "server.key"]
            .map(|name| folder.join(name))
            .into_iter()
            .map(|path| std::fs::read(&path).map(|content| (path, content)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            database: Database::Server(server.as_admin()),
            engine: server.engine,
            kept,
        })
    }

    /// Lets the server show `leaf`, and accept certificates of clients that `authority` has signed, which must be the leaf's
    /// own: MySQL insists on it. Returns when it does.
    ///
    /// # Errors
    ///
    /// If the server does not take them.
    pub async fn install(&self, leaf: &Leaf, authority: &Authority) -> Result<(), Failed> {
        for ((path, _), content) in self
            .kept
            .iter()
            .zip([&authority.pem(), &leaf.certificate, &leaf.key])
        {
            // Written in place: the file stays the server's own.
            std::fs::write(path, content)?;
        }
        self.reload().await
    }

    async fn reload(&self) -> Result<(), Failed> {
        match self.engine {
            Engine::PostgreSql => {
                const LOADED: &str = "SELECT pg_conf_load_time()::text";
                let before = self.database.ask(LOADED).await?;
                self.database.execute(&["SELECT pg_reload_conf()"]).await?;
                // Each question is a session of its own, which has what the server had when it began.
                while self.database.ask(LOADED).await? == before {
                    tokio::task::yield_now().await;
                }
                Ok(())
            }
            Engine::MariaDb => self.database.execute(&["FLUSH SSL"]).await,
            _ => self.database.execute(&["ALTER INSTANCE RELOAD TLS"]).await,
        }
    }

    /// Puts back what the server had.
    ///
    /// # Errors
    ///
    /// If the server does not take it.
    pub async fn restore(self) -> Result<(), Failed> {
        self.put_back();
        self.reload().await
    }

    fn put_back(&self) {
        for (path, content) in &self.kept {
            if let Err(failure) = std::fs::write(path, content) {
                eprintln!("{} is not as it was: {failure}", path.display());
            }
        }
    }
}

impl Drop for ServerCertificate {
    fn drop(&mut self) {
        self.put_back();
    }
}
