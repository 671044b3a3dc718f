#pragma once
// Internet addresses as plain values, and which of them belong to the public internet.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace chat_centre {

// IPv4 is kept as ::ffff:a.b.c.d, so one comparison serves both.
struct address {
    std::array<std::uint8_t, 16> bytes{};

    bool is_v4() const;
    bool operator==(const address&) const = default;
};

// Dotted decimal with four parts, or IPv6 without brackets and zone; nullopt for anything else.
std::optional<address> parse_address(std::string_view text);
// What the resolver of the system understands by a literal host: also 127.1, 0x7f.1, 2130706433, 017700000001 and
// [::1]. nullopt: a name, which only the resolver can tell.
std::optional<address> parse_host_literal(std::string_view host);
std::optional<address> from_sockaddr(const ::sockaddr* a); // nullopt: neither IPv4 nor IPv6
std::string to_string(const address& a);

struct network {
    address base;
    int bits = 128; // of the 128; IPv4 prefixes are 96 longer than written

    bool holds(const address& a) const;
    bool operator==(const network&) const = default;
};
std::optional<network> parse_network(std::string_view text); // "10.0.0.0/8", "fd00::/8", or one address

// False for loopback, private, shared (100.64/10), link-local with the cloud's metadata address, documentation,
// benchmark, multicast, reserved and unspecified addresses, also when they are wrapped in IPv6 (mapped, compatible,
// NAT64, 6to4, Teredo).
bool is_public(const address& a);
bool is_loopback(const address& a);

} // namespace chat_centre
