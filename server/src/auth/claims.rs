//! Tokens as signed text: JSON Web Tokens with HMAC-SHA-256, no other algorithm.

use std::collections::BTreeSet;

use crdt_schema::{
    ids::{MemberId, WorkspaceId},
    member::{Kind, Member, Role},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{Access, Denied};

/// Longest token that is looked at, in bytes.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// Signs and checks tokens with one key.
pub(super) struct Signer {
    sign: EncodingKey,
    check: DecodingKey,
    rules: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    jti: String,
    sub: MemberId,
    name: String,
    kind: Kind,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    workspaces: Option<BTreeSet<WorkspaceId>>,
    /// In milliseconds, unlike the registered claim `exp`: `expires_ms` says what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_ms: Option<u64>,
}

impl Signer {
    pub(super) fn new(key: &[u8]) -> Self {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        Self {
            sign: EncodingKey::from_secret(key),
            check: DecodingKey::from_secret(key),
            rules,
        }
    }

    pub(super) fn sign(&self, access: &Access) -> String {
        let Access {
            member,
            scope,
            token_id,
            expires_ms,
        } = access.clone();
        let claims = Claims {
            jti: token_id,
            sub: member.id,
            name: member.name,
            kind: member.kind,
            role: member.role,
            workspaces: scope.into(),
            expires_ms,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.sign)
            .expect("claims are plain JSON and any key fits HMAC")
    }

    /// Checks the signature alone; end and revocation are the caller's matter.
    pub(super) fn verify(&self, token: &str) -> Result<Access, Denied> {
        if token.is_empty() {
            return Err(Denied::Missing);
        }
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Denied::Unknown);
        }
        let data = jsonwebtoken::decode::<Claims>(token, &self.check, &self.rules)
            .map_err(|_| Denied::Unknown)?;
        let Claims {
            jti,
            sub,
            name,
            kind,
            role,
            workspaces,
            expires_ms,
        } = data.claims;
        Ok(Access {
            member: Member {
                id: sub,
                name,
                kind,
                role,
            },
            scope: workspaces.into(),
            token_id: jti,
            expires_ms,
        })
    }
}
