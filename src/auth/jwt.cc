#include "auth/jwt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "auth/limits.h"
#include "base/encoding.h"

namespace outcrop::auth {

namespace {

template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
using PublicKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;

const unsigned char* octets(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string text_of(const json::Value& object, std::string_view name) {
  const json::Value* value = object.find(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<json::Value> json_part(std::string_view part) {
  std::optional<std::string> decoded = unbase64url(part);
  if (!decoded) return std::nullopt;
  auto value = json::parse(*decoded);
  if (!value || !value->is_object()) return std::nullopt;
  return std::move(*value);
}

template <class Push>
PublicKey make_key(const char* type, Push push) {
  std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  if (!push(builder.get())) return nullptr;
  std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return PublicKey(key);
}

PublicKey rsa_key(const json::Value& json) {
  std::optional<std::string> n = unbase64url(text_of(json, "n")), e = unbase64url(text_of(json, "e"));
  if (!n || !e || n->size() < 256 || n->size() > 1024 || e->empty() || e->size() > 8) return nullptr;  // 2048 to 8192 bits
  Number modulus(BN_bin2bn(octets(*n), int(n->size()), nullptr)), exponent(BN_bin2bn(octets(*e), int(e->size()), nullptr));
  return make_key("RSA", [&](OSSL_PARAM_BLD* builder) {
    return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
           OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1;
  });
}

PublicKey p256_key(const json::Value& json) {
  std::optional<std::string> x = unbase64url(text_of(json, "x")), y = unbase64url(text_of(json, "y"));
  if (text_of(json, "crv") != "P-256" || !x || !y || x->size() != 32 || y->size() != 32) return nullptr;
  std::string point = "\4" + *x + *y;  // uncompressed
  return make_key("EC", [&](OSSL_PARAM_BLD* builder) {
    return OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
           OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) == 1;
  });
}

// JWS has the two numbers side by side, OpenSSL wants them in DER.
std::string der_of_ecdsa(std::string_view signature) {
  if (signature.size() != 64) return {};
  std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>> pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(octets(signature), 32, nullptr), BN_bin2bn(octets(signature) + 32, 32, nullptr));
  unsigned char* der = nullptr;
  int size = i2d_ECDSA_SIG(pair.get(), &der);
  std::string bytes(reinterpret_cast<char*>(der), size > 0 ? size_t(size) : 0);
  OPENSSL_free(der);
  return bytes;
}

bool verifies(EVP_PKEY* key, std::string_view signature, std::string_view text) {
  std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key, nullptr) == 1 &&
         EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(text), text.size()) == 1;
}

}  // namespace

struct JsonWebKeys::Key {
  std::string algorithm, key_id;
  PublicKey key;

  // The algorithm is the key's: a token cannot choose a weaker one.
  bool is_meant_by(const Jwt& jwt) const {
    return algorithm == jwt.algorithm && (jwt.key_id.empty() || key_id.empty() || key_id == jwt.key_id);
  }
};

std::string Jwt::claim(std::string_view name) const { return text_of(claims, name); }

std::vector<std::string> Jwt::audiences() const {
  const json::Value* value = claims.find("aud");
  std::vector<std::string> all;
  if (value && value->is_string()) all.emplace_back(value->as_string());
  if (value && value->is_array())
    for (const json::Value& item : value->as_array())
      if (item.is_string()) all.emplace_back(item.as_string());
  return all;
}

std::optional<Instant> Jwt::instant_claim(std::string_view name) const {
  const json::Value* value = claims.find(name);
  if (!value || !value->is_number()) return std::nullopt;
  double seconds = value->as_double().value_or(-1);
  if (!(seconds >= 0 && seconds < 1e11)) return std::nullopt;
  return instant_from_ms(int64_t(seconds * 1000));
}

std::optional<Jwt> parse_jwt(std::string_view text) {
  if (text.size() > jwt_bytes_max) return std::nullopt;
  size_t first = text.find('.'), second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) return std::nullopt;
  std::optional<json::Value> header = json_part(text.substr(0, first)), claims = json_part(text.substr(first + 1, second - first - 1));
  std::optional<std::string> signature = unbase64url(text.substr(second + 1));
  if (!header || !claims || !signature || header->find("crit")) return std::nullopt;
  return Jwt{text_of(*header, "alg"), text_of(*header, "kid"), std::move(*claims), std::string(text.substr(0, second)),
             std::move(*signature)};
}

JsonWebKeys::JsonWebKeys() : keys_(std::make_shared<const std::vector<Key>>()) {}

Result<JsonWebKeys> JsonWebKeys::parse(std::string_view text) {
  auto document = json::parse(text);
  const json::Value* list = document && document->is_object() ? document->find("keys") : nullptr;
  auto keys = std::make_shared<std::vector<Key>>();
  if (list && list->is_array()) {
    for (const json::Value& json : list->as_array()) {
      if (!json.is_object() || text_of(json, "use") == "enc") continue;
      bool is_rsa = text_of(json, "kty") == "RSA";
      PublicKey key = is_rsa ? rsa_key(json) : text_of(json, "kty") == "EC" ? p256_key(json) : nullptr;
      if (key) keys->push_back({is_rsa ? "RS256" : "ES256", text_of(json, "kid"), std::move(key)});
    }
  }
  if (keys->empty())
    return fail("InvalidConfiguration", 400, "no RSA key of 2048 bits or more and no P-256 key is in this JSON Web Key Set");
  JsonWebKeys made;
  made.keys_ = std::move(keys);
  return made;
}

bool JsonWebKeys::has_key_of(const Jwt& jwt) const {
  return std::ranges::any_of(*keys_, [&](const Key& key) { return key.is_meant_by(jwt); });
}

bool JsonWebKeys::verify(const Jwt& jwt) const {
  const std::string signature = jwt.algorithm == "ES256" ? der_of_ecdsa(jwt.signature) : jwt.signature;
  return std::ranges::any_of(*keys_,
                             [&](const Key& key) { return key.is_meant_by(jwt) && verifies(key.key.get(), signature, jwt.signed_part); });
}

}  // namespace outcrop::auth
