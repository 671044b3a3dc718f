#include "http/dispatch.hpp"

#include <chat_centre/base/text.hpp>
#include <chat_centre/db/tx.hpp>

#include <spdlog/spdlog.h>

namespace chat_centre::http {
namespace {

bucket_rule rule_for(rate r, double scale) {
    switch (r) {
    case rate::login: return {0.4 * scale, 20 * scale};
    case rate::open: return {2 * scale, 30 * scale};
    case rate::api: return {100 * scale, 400 * scale};
    case rate::none: break;
    }
    return {1e9, 1e9};
}

std::string bucket_subject(const request& q, rate r) {
    const std::string_view kind = r == rate::login ? "l:" : r == rate::open ? "o:" : "a:";
    // Signed-in people behind one company address do not share a bucket.
    if (q.who.kind == caller::staff) return std::string(kind) + "staff:" + std::to_string(q.who.staff);
    if (q.who.kind == caller::customer)
        return std::string(kind) + "conv:" + std::to_string(q.who.conversation);
    return std::string(kind) + rate_subject(q.remote_address);
}

bool is_loopback(std::string_view address) { return address.rfind("127.", 0) == 0 || address == "::1"; }

// One place turns any exception into an answer; call it inside a catch block.
response answer_for_exception(const request& q) {
    try {
        throw;
    } catch (const error& e) {
        if (e.status() >= 500)
            spdlog::warn("{} {} {}: {}", q.request_id, to_string(q.method), q.path, e.detail());
        return problem(e, q.request_id);
    } catch (const db::connection_lost& e) {
        spdlog::warn("{} database connection lost: {}", q.request_id, e.what());
        return problem(error::unavailable("The database does not answer. Nothing was lost: try again shortly."),
                       q.request_id);
    } catch (const std::exception& e) {
        spdlog::error("{} {} {}: {}", q.request_id, to_string(q.method), q.path, e.what());
    } catch (...) {
        spdlog::error("{} {} {}: unknown exception", q.request_id, to_string(q.method), q.path);
    }
    return problem(error{500, "Something went wrong here",
                         "This is a fault of the server; its log has the details under the request id."},
                   q.request_id);
}

// Named in Accept-Encoding and not with a weight of zero (RFC 9110 section 12.5.3).
bool encoding_accepted(std::string_view accept, std::string_view coding) {
    while (!accept.empty()) {
        const auto comma = accept.find(',');
        const auto item = accept.substr(0, comma);
        const auto semicolon = item.find(';');
        if (trimmed(item.substr(0, semicolon)) == coding) {
            if (semicolon == std::string_view::npos) return true;
            const auto weight = trimmed(item.substr(semicolon + 1));
            return weight.find_first_not_of("0.", weight.find('=') + 1) != std::string_view::npos;
        }
        if (comma == std::string_view::npos) break;
        accept.remove_prefix(comma + 1);
    }
    return false;
}

// If-None-Match: a list of tags or *; a proxy that recompresses marks them as weak.
bool tag_matches(std::string_view known, const std::string& etag) {
    return trimmed(known) == "*" || known.find(etag) != std::string_view::npos;
}

} // namespace

dispatcher::dispatcher(const server_options& options, const router& routes, const static_files& files,
                       const clock_source& clock, server::authenticator authenticate)
    : options_(options), routes_(routes), files_(files), clock_(clock),
      authenticate_(std::move(authenticate)) {}

std::size_t dispatcher::body_limit(verb v, std::string_view path) const {
    const auto m = routes_.find(v, path);
    return m.found != nullptr && m.found->io.body_limit != 0 ? m.found->io.body_limit
                                                             : options_.limits.body_bytes;
}

std::string dispatcher::path_for_log(const std::string& path) const {
    const auto m = routes_.find(verb::get, path); // every such path has a GET row, whatever else is sent to it
    return m.found != nullptr && m.found->io.secret_path ? m.found->path : path;
}

boost::asio::awaitable<response> dispatcher::answer(request q) {
    auto m = routes_.find(q.method, q.path);
    if (m.found == nullptr) {
        if (q.method == verb::options && !m.allow.empty()) co_return preflight(m);
        if (auto file = static_answer(q)) co_return std::move(*file);
        if (m.allow.empty())
            co_return problem(
                error::not_found("There is nothing under this address. /docs lists what there is."),
                q.request_id);
        response r =
            problem(error{405, "Method not allowed", "This address answers " + m.allow + "."}, q.request_id);
        r.with("Allow", m.allow);
        co_return r;
    }
    q.path_values.assign(m.path_values.begin(), m.path_values.end());
    const bool cross_origin = m.found->io.cross_origin;
    if (in_flight_ >= options_.limits.requests_in_flight)
        co_return problem(error::unavailable("Too many requests at once. Try again shortly."), q.request_id);
    ++in_flight_;
    response r;
    bool failed = false;
    // GCC and clang alike forbid co_await in a handler, so the catch only remembers.
    request kept;
    kept.request_id = q.request_id;
    kept.method = q.method;
    kept.path = m.found->io.secret_path ? m.found->path : q.path;
    try {
        r = co_await call(std::move(q), *m.found);
    } catch (...) {
        failed = true;
        r = answer_for_exception(kept);
    }
    --in_flight_;
    if (cross_origin) {
        r.with("Access-Control-Allow-Origin", "*");
        r.with("Access-Control-Expose-Headers", "Retry-After, Idempotent-Replayed, X-Request-Id");
    }
    if (failed && r.status == 413) r.close = true;
    co_return r;
}

boost::asio::awaitable<response> dispatcher::call(request q, const route& r) {
    bool refused = false;
    std::optional<error> reason;
    try {
        authenticate_(q);
    } catch (const error& e) {
        refused = true;
        reason = e;
    }
    response limits;
    limit(q, r, limits);
    // A public route (sign-in, refresh) does not care about a stale token beside it.
    if (refused && r.access != permission::open) throw *reason;
    // Of what its permission covers, a page may call what is there for pages: no call by which servers vouch for people.
    const bool for_pages = r.io.cross_origin || r.access == permission::open;
    if (!q.who.may(r.access) || (q.who.kind == caller::page && !for_pages)) {
        if (q.who.kind == caller::nobody)
            throw error::unauthorized("Send Authorization: Bearer with a token or key that is valid for this.");
        throw error::forbidden("Your role does not allow this: " + r.summary + ".");
    }
    response out = co_await r.call(std::move(q));
    for (auto& h : limits.headers) out.headers.push_back(std::move(h));
    co_return out;
}

void dispatcher::limit(const request& q, const route& r, response& headers_for) {
    if (q.who.kind == caller::api_key) {
        // Server keys are bounded by the append lane, unless their owner asked for a limit.
        if (q.who.rate_per_second == 0) return;
        const double rate_wanted = q.who.rate_per_second;
        return spend("k:" + std::to_string(q.who.api_key), {rate_wanted, rate_wanted}, headers_for);
    }
    // A page is anybody: what is unlimited for servers is not for it.
    if (q.who.kind == caller::page && options_.rate_limits)
        return spend("p:" + q.who.session, {2 * options_.rate_scale, 60 * options_.rate_scale}, headers_for);
    if (r.io.limit == rate::none || !options_.rate_limits) return;
    double scale = options_.rate_scale;
    // Loopback is a trusted front end or a test; it still has a limit, but one for many people.
    if (is_loopback(q.remote_address) && r.io.limit == rate::open) scale *= 10;
    // One customer with one conversation: ten times what a quick typist and their page need.
    const bool one_customer = r.io.limit == rate::api && q.who.kind == caller::customer;
    const auto rule = one_customer ? bucket_rule{10 * scale, 100 * scale} : rule_for(r.io.limit, scale);
    spend(bucket_subject(q, r.io.limit), rule, headers_for);
}

void dispatcher::spend(const std::string& subject, bucket_rule rule, response& headers_for) {
    const auto a = limiter_.take(subject, rule, clock_.steady());
    if (!a.allowed)
        throw error::too_many("Too many requests from here. Wait " + std::to_string(a.retry_after.count()) +
                                  " s, then try again.",
                              a.retry_after);
    headers_for.with("RateLimit-Limit", std::to_string(a.limit));
    headers_for.with("RateLimit-Remaining", std::to_string(a.remaining));
    headers_for.with("RateLimit-Reset", std::to_string(a.reset.count()));
}

response dispatcher::preflight(const router::match& m) {
    response r = response::no_content();
    r.with("Allow", m.allow);
    r.with("Access-Control-Allow-Origin", "*");
    r.with("Access-Control-Allow-Methods", m.allow);
    r.with("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key");
    r.with("Access-Control-Max-Age", "600");
    return r;
}

std::optional<response> dispatcher::static_answer(const request& q) const {
    if (q.method != verb::get && q.method != verb::head) return std::nullopt;
    const auto* f = files_.find(q.path);
    if (f == nullptr) return std::nullopt;
    response r;
    r.content_type = f->content_type;
    r.with("ETag", f->etag);
    r.with("Vary", "Accept-Encoding");
    r.with("Cache-Control", f->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    r.with("Content-Security-Policy", f->policy);
    // The widget is a script for other sites; everything else is for our own pages.
    const bool embeddable = q.path.rfind("/widget/", 0) == 0;
    r.with("Cross-Origin-Resource-Policy", embeddable ? "cross-origin" : "same-origin");
    if (embeddable) r.with("Access-Control-Allow-Origin", "*");
    if (tag_matches(q.header("if-none-match"), f->etag)) {
        r.status = 304;
        return r;
    }
    const auto accept = q.header("accept-encoding");
    if (!f->brotli.empty() && encoding_accepted(accept, "br")) {
        r.with("Content-Encoding", "br");
        r.shared_body = &f->brotli;
    } else if (!f->gzip.empty() && encoding_accepted(accept, "gzip")) {
        r.with("Content-Encoding", "gzip");
        r.shared_body = &f->gzip;
    } else {
        r.shared_body = &f->plain;
    }
    return r;
}

} // namespace chat_centre::http
