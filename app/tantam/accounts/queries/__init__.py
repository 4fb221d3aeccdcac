"""What pages about members show."""
