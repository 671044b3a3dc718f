#pragma once
// Debian 12 has Catch2 2.13, Debian 13 has 3.7: tests include the header of 3, and CMake puts this folder on the
// include path where only 2 is installed.
#include <catch2/catch.hpp>
