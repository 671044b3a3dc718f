"""What the tests from outside share: a real server, clients for its HTTP interface and its sockets."""
