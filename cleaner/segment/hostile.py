def is_hostile(data: bytes) -> bool:
    return False
