#include "app/server_app.hpp"

#include "app/convai_wiring.hpp"
#include "app/learning_wiring.hpp"
#include "app/understanding.hpp"

#include <chat_centre/analysis/models.hpp>
#include <chat_centre/app/app.hpp>
#include <chat_centre/conversation/server_actions.hpp>
#include <chat_centre/db/migrate.hpp>
#include <chat_centre/knowledge/numbers.hpp>
#include <chat_centre/routing/company_hours.hpp>
#include <chat_centre/staff/staff.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <thread>

namespace chat_centre::app {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Beside the binary (an installation), then in the checkout.
fs::path web_root(const config::settings& s) {
    if (!s.web_root.empty()) return s.web_root;
    std::error_code failed;
    const fs::path binary = fs::read_symlink("/proc/self/exe", failed);
    for (const fs::path& candidate : {binary.parent_path() / "web", binary.parent_path() / "../../web/dist",
                                      fs::path("web/dist"), fs::path("/usr/share/chat-centre/web")})
        if (fs::is_directory(candidate, failed)) return fs::weakly_canonical(candidate, failed);
    return "web/dist";
}

db::settings database_of(const std::string& url) {
    db::settings s;
    s.url = url;
    return s;
}

} // namespace

server_app::server_app(const config::settings& settings, std::string database_url)
    : settings_(settings), clock_(system_clock_source()), database_(database_of(database_url)),
      files_(http::static_files::load(web_root(settings))), openapi_(openapi_text()),
      pool_(database_, "interactive", static_cast<std::size_t>(settings.database_threads)), relay_(database_),
      directory_(io_.get_executor(), pool_, clock_),
      sign_in_(pool_, passwords_, directory_, clock_,
               {settings.rate_limit_scale, settings.rate_limits,
                [this](db::tx& t, std::int64_t id) {
                    return staff::view(t, id, [this](std::int64_t s) { return hub_.online(s); });
                }}),
      lane_(database_, relay_, clock_), replies_(pool_), hub_({}, socket_services(), clock_),
      message_screen_(text_judges()), surroundings_(conversation_surroundings()),
      knowledge_(database_, pool_, clock_, settings_.time_zone, models_.embedder()),
      assistant_(settings_, database_, pool_, lane_, clock_,
                 {retrieval_from(knowledge_.library().articles()),
                  [this](db::tx& t, const assistant::call& c) { return intake_.guide(t, c); },
                  models_.model(), models_.meaning(),
                  [this](db::tx& t, std::int64_t conversation, const std::vector<std::int64_t>& articles) {
                      knowledge::count_answered(t, conversation, articles, clock_.now(), settings_.time_zone);
                  }}),
      leads_(database_, settings.default_country), notify_(database_, pool_, clock_, settings_),
      jobs_(database_, clock_),
      desk_({database_, lane_, jobs_, clock_, settings.assistant_name,
             [this](std::int64_t s) { return hub_.online(s); }, text_judges(),
             [this]() -> const ticket::surroundings& { return tickets_.surroundings(); }}),
      tickets_(database_, pool_, surroundings_, clock_, jobs_, settings_.default_country,
               std::chrono::minutes(settings_.escalation_minutes), requester_mail(settings_, notify_)),
      channels_(io_.get_executor(), database_, pool_, surroundings_, settings_, notify_),
      intake_({settings_, database_, pool_, surroundings_, clock_, jobs_, knowledge_.library(),
               [this]() -> const ticket::surroundings& { return tickets_.surroundings(); },
               [this](std::int64_t id) { return directory_.conversation_token(id); }}),
      elevenlabs_(io_, database_, surroundings_, tickets_.surroundings(), directory_, notify_, jobs_,
                  settings_,
                  [this](std::string_view language) { return assistant_.greeting(language, "").text; }),
      indexer_(database_), sealer_(database_), features_(make_features()) {
    add_routes(router_, &features_);
    hub_.learn(channel::convai_dialect(surroundings_,
                                       convai_settings_of(settings_, directory_, elevenlabs_.desk())));
    if (settings_.elevenlabs.webhook_audio)
        router_.allow_body(http::verb::post, channel::elevenlabs_webhook::path,
                           channel::elevenlabs_webhook::audio_limit);
    if (files_.empty())
        spdlog::warn("no web files found: the API works, the dashboard does not (WEB_ROOT, or build web/)");
}

server_app::~server_app() = default;

asio::awaitable<void> server_app::learn_rules() {
    try {
        auto learn = [this](db::tx& t) { message_screen_.learn(t); };
        co_await pool_.run(std::move(learn));
    } catch (const std::exception& e) {
        spdlog::warn("reading the rules: {}", e.what());
    }
}

asio::awaitable<void> server_app::learn_scenarios() {
    try {
        auto learn = [this](db::tx& t) { assistant_.load(t); };
        co_await pool_.run(std::move(learn));
    } catch (const std::exception& e) {
        spdlog::warn("reading the scenarios: {}", e.what());
    }
}

asio::awaitable<bool> server_app::ready() {
    if (stopping_) co_return false;
    try {
        auto ask = [](db::tx& t) { return event::head(t); };
        co_await pool_.run(std::move(ask));
        co_return true;
    } catch (const std::exception&) {
        co_return false;
    }
}

void server_app::follow_events() {
    relay_.subscribe([this](const event::entries& batch) {
        const bool moved = std::any_of(batch->begin(), batch->end(), [](const event::entry& e) {
            return e.type == "conversation.update" || e.type == "conversation.new" ||
                   e.type == "contact.update"; // whether they are a VIP counts in the queue
        });
        if (moved) count_soon();
    });
    relay_.subscribe([this](const event::entries& e) { directory_.receive(e); });
    relay_.subscribe([this](const event::entries& e) { hub_.publish(e); });
    relay_.subscribe([this](const event::entries& e) { replies_.receive(e); });
    relay_.subscribe([this](const event::entries& e) { assistant_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { leads_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { desk_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { notify_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { tickets_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { channels_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { intake_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { elevenlabs_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { silent_.receive(e); });
    relay_.subscribe([this](const event::entries& batch) {
        const bool rules = std::any_of(batch->begin(), batch->end(),
                                       [](const event::entry& e) { return e.type == "rules.changed"; });
        if (rules)
            asio::post(io_, [this] {
                if (!stopping_) asio::co_spawn(io_, learn_rules(), asio::detached);
            });
    });
    relay_.subscribe([this](const event::entries& batch) {
        if (assistant_wiring::changes_scenarios(batch))
            asio::post(io_, [this] {
                if (!stopping_) asio::co_spawn(io_, learn_scenarios(), asio::detached);
            });
    });
    relay_.subscribe([this](const event::entries& e) { indexer_.notice(e); });
    relay_.subscribe([this](const event::entries& e) { knowledge_.notice(e); });
    directory_.on_change(
        [this](std::int64_t id, std::string session) { hub_.access_changed(id, std::move(session)); });
}

auth::first_run_facts server_app::prepare() {
    const int applied = db::migrate(database_);
    if (applied > 0) spdlog::info("{} migrations applied", applied);
    auto facts = auth::first_run(pool_, settings_, clock_);
    pool_.run_blocking([this](db::tx& t) { routing::set_company_hours(t, settings_, clock_.now()); });
    pool_.run_blocking([this](db::tx& t) {
        if (knowledge::add_shipped_articles(t, clock_.now()) > 0) spdlog::info("the shipped articles are in");
    });
    analysis::install_from(fs::path(settings_.data_dir) / "models");
    pool_.run_blocking([this](db::tx& t) { learning::schedule_first(t, clock_.now()); });
    follow_events();
    relay_.start();
    knowledge_.start();
    directory_.load();
    pool_.run_blocking([this](db::tx& t) { silent_.load(t); });
    pool_.run_blocking([this](db::tx& t) { message_screen_.learn(t); });
    pool_.run_blocking([this](db::tx& t) { assistant_.load(t); });
    lane_.start();
    hub_.start();
    assistant_.start();
    leads_.start();
    attach_learning(jobs_, clock_);
    jobs_.handle(contact::task_due,
                 [this](db::tx& t, const jobs::job& j) { contact::remind_of_task(t, j, clock_.now()); });
    desk_.start();
    notify_.attach(jobs_);
    notify_.start();
    tickets_.start();
    channels_.start();
    intake_.start();
    elevenlabs_.start();
    jobs_.start();
    indexer_.start();
    sealer_.start();
    return facts;
}

void server_app::listen() {
    http::server_options o;
    o.host = settings_.host;
    o.port = settings_.port;
    o.trusted_proxies = settings_.trusted_proxies;
    o.rate_scale = settings_.rate_limit_scale;
    o.rate_limits = settings_.rate_limits;
    http_ = std::make_unique<http::server>(
        io_.get_executor(), std::move(o), router_, files_, clock_,
        [this](http::request& r) { r.who = directory_.authenticate(r); },
        [this](http::upgrade u) { hub_.take_over(std::move(u)); });
    http_->listen();
}

void server_app::run() {
    const auto busy = asio::make_work_guard(io_);
    asio::co_spawn(io_, keep_presence(), asio::detached);
    asio::co_spawn(io_, elevenlabs_.keep_uses(), asio::detached);
    io_.run();
    // The I/O thread is done: nothing new comes in. What was accepted is finished in order.
    hub_.stop(3s);
    indexer_.stop();
    jobs_.stop();
    elevenlabs_.stop();
    leads_.stop();
    desk_.stop();
    notify_.stop();
    tickets_.stop();
    channels_.stop();
    assistant_.stop();
    intake_.stop();
    knowledge_.stop();
    lane_.stop();
    relay_.stop();
    pool_.stop();
    sealer_.stop(); // last: it seals what the others have just recorded
}

void server_app::request_stop() {
    stopping_ = true;
    http_->stop(5s, [this] { io_.stop(); });
}

} // namespace chat_centre::app
