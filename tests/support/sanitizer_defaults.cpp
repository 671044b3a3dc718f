// Read by LeakSanitizer at the end of the process; without it nobody calls this.

// libpqxx 6.4 loses the PGresult of a statement during which the connection broke: it looks up the client encoding,
// which throws, before it takes the result over (about 2 KB each time; 7.10 does not).
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { // NOLINT(bugprone-reserved-identifier)
    return "leak:libpqxx-6.4\n";
}
