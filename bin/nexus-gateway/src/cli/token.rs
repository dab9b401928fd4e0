//! `token`: make bearer tokens.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::{Args, Subcommand};
use gateway_core::{DataSourceId, Scope, SourceGrant};
use gateway_http::auth::{TokenRequest, mint};

use super::Common;
use crate::config::{AuthSettings, JwtKeys, JwtSettings, parse_duration};

/// Make bearer tokens.
#[derive(Subcommand)]
pub(super) enum Token {
    /// Print a token signed with the configured secret.
    Mint(Mint),
}

/// Print a token signed with the configured secret.
#[derive(Args)]
pub(super) struct Mint {
    #[command(flatten)]
    common: Common,
    /// Who it is for.
    #[arg(long, value_name = "SUBJECT")]
    sub: String,
    /// What it allows, separated by spaces or commas: query, sources:read, sources:write, audit:read, metrics:read, admin.
    #[arg(long, value_name = "SCOPES", default_value = "query")]
    scope: String,
    /// The data sources it is good for, separated by commas; * for all.
    #[arg(long, value_name = "ID,…", default_value = "*")]
    sources: String,
    /// How long it is good for: 30m, 1h, 7d.
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = parse_duration)]
    ttl: Duration,
}

impl Token {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Mint(asked) = self;
        let settings = asked.common.settings()?;
        let AuthSettings::Credentials(accepted) = &settings.auth else {
            bail!("auth is off, so no token is needed");
        };
        let Some(JwtSettings {
            keys: JwtKeys::Secret { secret, algorithm },
            rules,
        }) = &accepted.jwt
        else {
            bail!(
                "only whoever has the private key can sign tokens: here is no auth.jwt.secret to sign with"
            );
        };
        let scopes = asked
            .scope
            .split([' ', ','])
            .filter(|name| !name.is_empty())
            .map(|name| name.parse::<Scope>().map_err(anyhow::Error::msg))
            .collect::<anyhow::Result<_>>()?;
        let sources = match asked.sources.trim() {
            "*" => SourceGrant::All,
            list => SourceGrant::Only(
                list.split(',')
                    .map(|id| id.trim().parse::<DataSourceId>())
                    .collect::<Result<_, _>>()
                    .map_err(|error| anyhow::anyhow!("--sources: {error}"))?,
            ),
        };
        let request = TokenRequest {
            subject: asked.sub,
            scopes,
            sources,
            ttl: asked.ttl,
            issuer: rules.issuer.clone(),
            audience: rules.audience.clone(),
        };
        println!("{}", mint(secret, *algorithm, &request)?);
        Ok(ExitCode::SUCCESS)
    }
}
