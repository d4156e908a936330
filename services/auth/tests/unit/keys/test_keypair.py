"""Key pairs and their IDs."""

import jwt
import pytest

from auth_service.keys import keypair
from common.jwks import parse_jwks
from common.jws import verify_jws


def test_the_key_id_is_the_thumbprint_of_rfc_7638() -> None:
    # The EC key of RFC 7517, A.1; its thumbprint was computed with another library.
    jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "use": "enc",
        "kid": "1",
    }
    assert keypair.thumbprint(jwk) == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"


@pytest.mark.parametrize(
    ("algorithm", "members"),
    [("ES256", {"crv", "x", "y"}), ("RS256", {"e", "n"}), ("EdDSA", {"crv", "x"})],
)
def test_signatures_of_every_algorithm_verify_with_the_published_key(
    algorithm: str, members: set[str]
) -> None:
    pair = keypair.generate(algorithm)
    assert set(pair.public_jwk) == {"kty", "kid", "alg", "use", *members}
    assert pair.kid == keypair.thumbprint(pair.public_jwk)
    private = keypair.load_private(pair.private_der)
    token = jwt.encode({"sub": "x"}, private, algorithm=algorithm, headers={"kid": pair.kid})
    keys = parse_jwks({"keys": [pair.public_jwk]})
    assert verify_jws(token, lambda kid: keys[str(kid)]).payload == b'{"sub":"x"}'


def test_every_key_is_a_new_one() -> None:
    assert keypair.generate("ES256").kid != keypair.generate("ES256").kid
