"""Ed25519 (RFC 8032), which the standard library lacks. It only verifies: it holds no secret that timing could tell."""

import hashlib
from functools import lru_cache

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
Point = tuple[int, int, int, int]
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, -1, PRIME) % PRIME
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % PRIME)


@lru_cache(maxsize=64)
def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this is the key's signature. About ten milliseconds, once for all proofs of one checkpoint."""
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or len(public) != 32 or scalar >= ORDER:
        return False
    key, commitment = point(public), point(signature[:32])
    if key is None or commitment is None:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = times(scalar, BASE), plus(commitment, times(challenge, key))
    return all((left[at] * right[2] - right[at] * left[2]) % PRIME == 0 for at in (0, 1))


def point(data: bytes) -> Point | None:
    """The point that these 32 bytes stand for. None if they stand for none."""
    y, is_odd = int.from_bytes(data, "little") & ~(1 << 255), data[31] >> 7
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or y >= PRIME or (x == 0 and is_odd):
        return None
    x = PRIME - x if x % 2 != is_odd else x
    return x, y, 1, x * y % PRIME


def plus(a: Point, b: Point) -> Point:
    p, q = (a[1] - a[0]) * (b[1] - b[0]) % PRIME, (a[1] + a[0]) * (b[1] + b[0]) % PRIME
    r, s = 2 * a[3] * b[3] * CURVE_D % PRIME, 2 * a[2] * b[2] % PRIME
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(factor: int, a: Point) -> Point:
    found = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            found = plus(found, a)
        a, factor = plus(a, a), factor >> 1
    return found
