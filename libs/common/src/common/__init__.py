"""What every Masijala service shares; it imports none of them."""
