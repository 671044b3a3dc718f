#include "auth/login_subject.hpp"

#include <chat_centre/base/ids.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace chat_centre::auth {

std::string account_subject(std::int64_t staff) { return "account:" + format_id("STF", staff); }

std::string unknown_subject(std::string_view email) {
    std::string folded(email);
    for (auto& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return "unknown:" + sha256_base64url(folded);
}

std::string address_subject(std::string_view address) {
    boost::system::error_code failed;
    auto parsed = boost::asio::ip::make_address(address, failed);
    if (failed) return "address:" + std::string(address.substr(0, 64));
    if (parsed.is_v6() && parsed.to_v6().is_v4_mapped())
        parsed = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6());
    if (parsed.is_v4()) return "address:" + parsed.to_string();
    auto bytes = parsed.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return "address:" + boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

} // namespace chat_centre::auth
