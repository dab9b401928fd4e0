"""An issuer of tokens: makes a key for each algorithm and signs one token with each.

Reads {"claims": {...}, "secret": "..."} and writes {"jwks": {...}, "keys": [{"alg", "kid", "pem", "private", "token"}]}.
"""
import json
import sys

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

asked = json.load(sys.stdin)
rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
made = [(alg, rsa_key, RSAAlgorithm) for alg in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")]
for alg, curve in (("ES256", ec.SECP256R1()), ("ES384", ec.SECP384R1()), ("ES512", ec.SECP521R1())):
    made.append((alg, ec.generate_private_key(curve), ECAlgorithm))
made.append(("EdDSA", ed25519.Ed25519PrivateKey.generate(), OKPAlgorithm))

keys, jwks = [], []
for alg, key, family in made:
    kid = "key-" + alg
    public = key.public_key()
    described = json.loads(family.to_jwk(public))
    described.update({"kid": kid, "alg": alg, "use": "sig"})
    described.pop("key_ops", None)
    jwks.append(described)
    keys.append({
        "alg": alg,
        "kid": kid,
        "pem": public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(),
        "private": key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
        "token": jwt.encode(asked["claims"], key, algorithm=alg, headers={"kid": kid}),
    })
for alg in ("HS256", "HS384", "HS512"):
    keys.append({"alg": alg, "token": jwt.encode(asked["claims"], asked["secret"], algorithm=alg)})
json.dump({"jwks": {"keys": jwks}, "keys": keys}, sys.stdout)
