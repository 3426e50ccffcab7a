"""The pages of the console, one router each."""
