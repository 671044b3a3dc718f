#include <chat_centre/base/network.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace chat_centre {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

address from_v4(std::uint32_t network_order) {
    address a;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), a.bytes.begin());
    std::memcpy(a.bytes.data() + 12, &network_order, 4);
    return a;
}

address v4_at(const address& a, std::size_t offset, std::uint8_t flip = 0) {
    address out;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), out.bytes.begin());
    for (std::size_t i = 0; i < 4; ++i) out.bytes[12 + i] = a.bytes[offset + i] ^ flip;
    return out;
}

network known(const char* text) { return *parse_network(text); }

// IANA's special-purpose registries, and what is no unicast address at all.
const std::vector<network>& special() {
    static const std::vector<network> list{
        known("0.0.0.0/8"),      known("10.0.0.0/8"),     known("100.64.0.0/10"), known("127.0.0.0/8"),
        known("169.254.0.0/16"), known("172.16.0.0/12"),  known("192.0.0.0/24"),  known("192.0.2.0/24"),
        known("192.88.99.0/24"), known("192.168.0.0/16"), known("198.18.0.0/15"), known("198.51.100.0/24"),
        known("203.0.113.0/24"), known("224.0.0.0/4"),    known("240.0.0.0/4"),   known("::/96"),
        known("100::/64"),       known("2001:db8::/32"),  known("2001:2::/48"),   known("2001:10::/28"),
        known("2001:20::/28"),   known("3fff::/20"),      known("5f00::/16"),     known("64:ff9b:1::/48"),
        known("fc00::/7"),       known("fe80::/10"),      known("fec0::/10"),     known("ff00::/8")};
    return list;
}

} // namespace

bool address::is_v4() const { return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin()); }

std::optional<address> parse_address(std::string_view text) {
    const std::string copy(text); // inet_pton wants an end
    in_addr v4{};
    if (inet_pton(AF_INET, copy.c_str(), &v4) == 1) return from_v4(v4.s_addr);
    address a;
    if (inet_pton(AF_INET6, copy.c_str(), a.bytes.data()) == 1) return a;
    return std::nullopt;
}

std::optional<address> parse_host_literal(std::string_view host) {
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
        host = host.substr(0, host.find('%'));
        return parse_address(host);
    }
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    const std::string copy(host);
    in_addr v4{};
    const bool one_word =
        host.find_first_of(" \t\r\n\v\f") == std::string_view::npos; // inet_aton stops reading there
    if (one_word && inet_aton(copy.c_str(), &v4) != 0) return from_v4(v4.s_addr);
    return parse_address(host);
}

std::optional<address> from_sockaddr(const ::sockaddr* a) {
    if (a == nullptr) return std::nullopt;
    if (a->sa_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, a, sizeof in);
        return from_v4(in.sin_addr.s_addr);
    }
    if (a->sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 in{};
    std::memcpy(&in, a, sizeof in);
    address out;
    std::memcpy(out.bytes.data(), &in.sin6_addr, 16);
    return out;
}

std::string to_string(const address& a) {
    char text[INET6_ADDRSTRLEN]{};
    const char* made = a.is_v4() ? inet_ntop(AF_INET, a.bytes.data() + 12, text, sizeof text)
                                 : inet_ntop(AF_INET6, a.bytes.data(), text, sizeof text);
    return made != nullptr ? made : "";
}

bool network::holds(const address& a) const {
    const auto whole = static_cast<std::size_t>(bits / 8);
    if (!std::equal(base.bytes.begin(), base.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    a.bytes.begin()))
        return false;
    const int rest = bits % 8;
    if (rest == 0) return true;
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    return (base.bytes[whole] & mask) == (a.bytes[whole] & mask);
}

std::optional<network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto base = parse_address(text.substr(0, slash));
    if (!base) return std::nullopt;
    const bool v4 = base->is_v4() && text.find(':') == std::string_view::npos;
    network n{*base, 128};
    if (slash == std::string_view::npos) return n;
    const auto digits = text.substr(slash + 1);
    int bits = -1;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc{} || end != digits.data() + digits.size() || bits < 0 || bits > (v4 ? 32 : 128))
        return std::nullopt;
    n.bits = v4 ? bits + 96 : bits;
    return n;
}

bool is_public(const address& a) {
    const auto& b = a.bytes;
    if (!a.is_v4()) {
        static const network nat64 = known("64:ff9b::/96");
        static const network six_to_four = known("2002::/16");
        static const network teredo = known("2001::/32");
        static const network siit = known("::ffff:0:0:0/96"); // translated: the last four bytes are IPv4
        if (nat64.holds(a) || siit.holds(a)) return is_public(v4_at(a, 12));
        if (six_to_four.holds(a)) return is_public(v4_at(a, 2));
        if (teredo.holds(a)) return is_public(v4_at(a, 4)) && is_public(v4_at(a, 12, 0xff));
        // All global unicast addresses in use are in 2000::/3.
        if ((b[0] & 0xe0) != 0x20) return false;
    }
    return std::none_of(special().begin(), special().end(), [&a](const network& n) { return n.holds(a); });
}

bool is_loopback(const address& a) {
    if (a.is_v4()) return a.bytes[12] == 127;
    address one;
    one.bytes[15] = 1;
    return a == one;
}

} // namespace chat_centre
