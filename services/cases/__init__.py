"""Cases: the notebook, work orders, photos, and paper notebooks taken over."""
