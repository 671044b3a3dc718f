// Catch2 2 has no library with a main(); 3 does. Compiled only where 2 is installed.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
