"""People in posts and Red Stewards."""
