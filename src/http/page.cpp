#include <chat_centre/http/page.hpp>

#include <sodium.h>

namespace chat_centre::http {
namespace {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t longest_cursor = 1024;

error bad_cursor() {
    return error::unprocessable("cursor", "is not a cursor of this list: start again without it");
}

} // namespace

std::int64_t page_request::number(std::string_view name, std::int64_t first) const {
    if (!after) return first;
    const auto it = after->find(name);
    if (it == after->end() || !it->is_number_integer()) throw bad_cursor();
    return it->get<std::int64_t>();
}

std::optional<std::string> page_request::text(std::string_view name) const {
    if (!after) return std::nullopt;
    const auto it = after->find(name);
    if (it == after->end() || !it->is_string()) throw bad_cursor();
    return it->get<std::string>();
}

page_request read_page(const request& r, std::int64_t fallback, std::int64_t most) {
    page_request page;
    page.limit = r.query_number("limit", fallback, 1, most);
    if (const auto cursor = r.query("cursor"); cursor && !cursor->empty()) {
        page.after = decode_cursor(*cursor);
        if (!page.after) throw bad_cursor();
    }
    return page;
}

std::string encode_cursor(const json& position) {
    const std::string plain = dump(position);
    std::string out(sodium_base64_encoded_len(plain.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(plain.data()),
                      plain.size(), variant);
    out.pop_back(); // the terminating NUL
    return out;
}

std::optional<json> decode_cursor(std::string_view cursor) {
    if (cursor.empty() || cursor.size() > longest_cursor) return std::nullopt;
    std::string plain(cursor.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(plain.data()), plain.size(), cursor.data(),
                          cursor.size(), nullptr, &length, nullptr, variant) != 0)
        return std::nullopt;
    plain.resize(length);
    try {
        auto position = parse_json(plain);
        return position.is_object() ? std::optional(std::move(position)) : std::nullopt;
    } catch (const error&) {
        return std::nullopt; // somebody made it up
    }
}

} // namespace chat_centre::http
