"""Money (钱): amounts in fen, what a line comes to, which debts a payment settles, and value added tax."""
