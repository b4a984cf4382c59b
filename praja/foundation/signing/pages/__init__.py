"""What people see of signing: rounds, signing itself, scans, the gateway, the public check."""
