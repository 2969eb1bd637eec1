"""Messages between the store and other machines about orders: `incoming` from watchers outside, the rest to whoever staff named."""
