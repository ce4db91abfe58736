#include "tls_session.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace conclave::detail {

namespace {
constexpr std::size_t record_bytes_max = 16384;  // RFC 8446, section 5.1

bool is_address(const std::string& name) {
    in6_addr ignored;
    return inet_pton(AF_INET, name.c_str(), &ignored) == 1 ||
           inet_pton(AF_INET6, name.c_str(), &ignored) == 1;
}
}  // namespace

struct TlsSession::Handles {
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL* session = nullptr;
    BIO* input = nullptr;  // owned by the session, like output
    BIO* output = nullptr;
    ~Handles() {
        SSL_free(session);
        SSL_CTX_free(context);
    }
};

TlsSession::TlsSession(const TlsOptions& options) : handles_(std::make_unique<Handles>()) {
    ERR_clear_error();
    configure(options);
    Handles& handles = *handles_;
    if (!error_.empty()) return;
    handles.session = SSL_new(handles.context);
    if (!check(handles.session, "cannot make a session")) return;
    handles.input = BIO_new(BIO_s_mem());
    handles.output = BIO_new(BIO_s_mem());
    SSL_set_bio(handles.session, handles.input, handles.output);
    SSL_set_connect_state(handles.session);
    if (!options.server_name.empty() && !is_address(options.server_name))
        SSL_set_tlsext_host_name(handles.session, options.server_name.c_str());
    if (options.verify) verify_peer(options);
}

TlsSession::~TlsSession() = default;

void TlsSession::configure(const TlsOptions& options) {
    SSL_CTX* const context = handles_->context;
    if (!check(context, "cannot make a context")) return;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    const char* const ca_file = options.ca_file.c_str();
    if (!options.verify)
        ;  // nothing to trust
    else if (options.ca_file.empty())
        check(SSL_CTX_set_default_verify_paths(context) == 1, "no system certificates");
    else
        check(SSL_CTX_load_verify_locations(context, ca_file, nullptr) == 1, options.ca_file);
    if (options.certificate_file.empty()) return;
    const std::string& key_file =
        options.key_file.empty() ? options.certificate_file : options.key_file;
    check(SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) == 1,
          options.certificate_file) &&
        check(SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) == 1,
              key_file);
}

void TlsSession::verify_peer(const TlsOptions& options) {
    // Without a name any certificate of the authority would pass for the server's.
    if (!check(!options.server_name.empty(), "no server name to verify")) return;
    X509_VERIFY_PARAM* const expected = SSL_get0_param(handles_->session);
    const char* const name = options.server_name.c_str();
    const bool accepted = is_address(options.server_name)
                              ? X509_VERIFY_PARAM_set1_ip_asc(expected, name) == 1
                              : X509_VERIFY_PARAM_set1_host(expected, name, 0) == 1;
    check(accepted, "malformed server name");
}

bool TlsSession::check(bool good, std::string_view what) {
    if (good || !error_.empty()) return good;
    error_ = what;
    if (const unsigned long code = ERR_get_error()) {
        char text[256];
        ERR_error_string_n(code, text, sizeof text);
        error_ += std::string(": ") + text;
    }
    return false;
}

TlsSession::Step TlsSession::judge(int result) {
    if (result > 0) return Step::done;
    switch (SSL_get_error(handles_->session, result)) {
        case SSL_ERROR_WANT_READ: return Step::need_input;
        case SSL_ERROR_ZERO_RETURN: return Step::end_of_stream;
        default: break;
    }
    const long verdict = SSL_get_verify_result(handles_->session);
    check(false, verdict == X509_V_OK ? "TLS" : X509_verify_cert_error_string(verdict));
    return Step::failed;
}

TlsSession::Step TlsSession::handshake() {
    ERR_clear_error();
    return judge(SSL_do_handshake(handles_->session));
}

TlsSession::Step TlsSession::read(std::span<char> buffer, std::size_t& bytes) {
    ERR_clear_error();
    return judge(SSL_read_ex(handles_->session, buffer.data(), buffer.size(), &bytes));
}

TlsSession::Step TlsSession::write(std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), record_bytes_max))) {
        ERR_clear_error();
        const std::string_view record = bytes.substr(0, record_bytes_max);
        std::size_t written = 0;
        const Step step =
            judge(SSL_write_ex(handles_->session, record.data(), record.size(), &written));
        if (step != Step::done) return step;
    }
    return Step::done;
}

void TlsSession::shut_down() noexcept {
    if (!handles_->session || !error_.empty() || !SSL_is_init_finished(handles_->session)) return;
    ERR_clear_error();
    SSL_shutdown(handles_->session);
}

void TlsSession::put_input(std::string_view encrypted) {
    BIO_write(handles_->input, encrypted.data(), static_cast<int>(encrypted.size()));
}

std::string TlsSession::take_output() {
    if (!handles_->output) return {};
    std::string bytes(BIO_pending(handles_->output), '\0');
    if (!bytes.empty()) BIO_read(handles_->output, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

}  // namespace conclave::detail
