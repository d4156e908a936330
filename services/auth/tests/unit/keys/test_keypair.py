"""Key pairs and their IDs."""

from auth_service.keys import keypair


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


def test_the_published_half_tells_nothing_private() -> None:
    pair = keypair.generate()
    assert set(pair.public_jwk) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    public = keypair.load_private(pair.private_der).public_key().public_numbers()
    assert public.curve.name == "secp256r1"
    assert pair.kid == keypair.thumbprint(pair.public_jwk)


def test_every_key_is_a_new_one() -> None:
    assert keypair.generate().kid != keypair.generate().kid
