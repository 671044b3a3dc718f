// Sockets that this server opens: to whom, and how sure of it.

#include "support/database.hpp"

#include <chat_centre/http/outbound_socket.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <catch2/catch_test_macros.hpp>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

using namespace chat_centre;

namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using tcp = asio::ip::tcp;
using error_code = boost::system::error_code;

// A key and a certificate for "localhost" that signs itself.
struct certificate {
    certificate() {
        key = EVP_EC_gen("P-256");
        x = X509_new();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
        X509_gmtime_adj(X509_getm_notBefore(x), -60);
        X509_gmtime_adj(X509_getm_notAfter(x), 3600);
        X509_set_pubkey(x, key);
        auto* name = X509_get_subject_name(x);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"),
                                   -1, -1, 0);
        X509_set_issuer_name(x, name);
        auto* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
        X509_add_ext(x, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(x, key, EVP_sha256());
    }
    ~certificate() {
        X509_free(x);
        EVP_PKEY_free(key);
    }
    certificate(const certificate&) = delete;
    certificate& operator=(const certificate&) = delete;

    void write(const std::string& path) const {
        std::FILE* f = std::fopen(path.c_str(), "w");
        PEM_write_X509(f, x);
        std::fclose(f);
    }
    EVP_PKEY* key = nullptr;
    X509* x = nullptr;
};

// Greets over TLS with this certificate, once.
class tls_greeter {
public:
    explicit tls_greeter(const certificate& c) : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
        SSL_CTX_use_certificate(tls_.native_handle(), c.x);
        SSL_CTX_use_PrivateKey(tls_.native_handle(), c.key);
        thread_ = std::thread([this] {
            tcp::socket socket(io_);
            error_code ec;
            acceptor_.accept(socket, ec);
            websocket::stream<asio::ssl::stream<tcp::socket>> ws(std::move(socket), tls_);
            ws.next_layer().handshake(asio::ssl::stream_base::server, ec);
            if (ec) return;
            ws.accept(ec);
            if (ec) return;
            ws.write(asio::buffer(std::string("hello")), ec);
            ws.close(websocket::close_code::normal, ec);
        });
    }
    ~tls_greeter() { thread_.join(); }
    tls_greeter(const tls_greeter&) = delete;
    tls_greeter& operator=(const tls_greeter&) = delete;
    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

private:
    asio::io_context io_;
    asio::ssl::context tls_{asio::ssl::context::tls_server};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

struct tls_result {
    std::string text;
    http::socket_end end;
};
tls_result connect_tls(const std::string& name, const tls_greeter& server) {
    asio::io_context io;
    http::outbound_rules rules;
    rules.allow = {*parse_network("127.0.0.0/8"), *parse_network("::1")};
    tls_result out;
    http::socket_handlers h;
    h.text = [&out](std::string_view text) { out.text = text; };
    h.closed = [&out](const http::socket_end& e) { out.end = e; };
    const auto s =
        http::open_socket(io.get_executor(), rules, {"wss://" + name + ":" + server.port() + "/", "", {}}, h);
    io.run_for(std::chrono::seconds(5));
    return out;
}

} // namespace

TEST_CASE("certificates are verified, for the name that was meant", "[outbound]") {
    const tests::temporary_folder folder;
    const certificate trusted;
    const certificate other;
    const auto path = (folder.path() / "ca.pem").string();
    trusted.write(path);
    setenv("SSL_CERT_FILE", path.c_str(),
           1); // NOLINT(concurrency-mt-unsafe): read once, so no test before this one uses TLS
    {
        const tls_greeter server(trusted);
        const auto r = connect_tls("localhost", server);
        INFO(r.end.reason);
        CHECK(r.text == "hello");
        CHECK(r.end.code == 1000);
    }
    {
        const tls_greeter server(trusted);
        const auto r = connect_tls("127.0.0.1", server);
        CHECK(r.end.reason.find("TLS: certificate verify failed") != std::string::npos);
    }
    {
        const tls_greeter server(other);
        const auto r = connect_tls("localhost", server);
        CHECK(r.end.reason.find("TLS: certificate verify failed") != std::string::npos);
    }
    unsetenv("SSL_CERT_FILE"); // NOLINT(concurrency-mt-unsafe)
}
