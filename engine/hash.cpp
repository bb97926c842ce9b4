// Digests through OpenSSL's EVP interface. Tested by tests/engine/hash_test.cpp.
#include "engine/hash.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "engine/contract.hpp"

namespace fingers {

namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Context begin_digest(const EVP_MD* kind) {
  Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EXPECT_CONTRACT(context && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1);
  return context;
}

std::array<std::byte, 8> little_endian(std::uint64_t number) {
  std::array<std::byte, 8> bytes{};
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(number & 0xFFU);
    number >>= 8U;
  }
  return bytes;
}

std::string hexadecimal(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

/// Version 4, drawn once for this program; every dataset's UUID is a name in it.
constexpr std::array<std::uint8_t, 16> kNamespace = {
    0x6f, 0x0b, 0x3c, 0x52, 0x9d, 0x1e, 0x4a, 0x77, 0x8e, 0x24, 0xd1, 0x5b, 0x70, 0xc9, 0x43, 0xa6};

}  // namespace

struct Sha256::State {
  Context context = begin_digest(EVP_sha256());
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  EXPECT_CONTRACT(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

void Sha256::add_bytes(std::string_view bytes) { add(std::as_bytes(std::span(bytes))); }

void Sha256::add_text(std::string_view text) {
  add_number(text.size());
  add_bytes(text);
}

void Sha256::add_number(std::uint64_t number) { add(little_endian(number)); }

Sha256::Digest Sha256::digest() {
  Digest result{};
  EXPECT_CONTRACT(EVP_DigestFinal_ex(state_->context.get(), result.data(), nullptr) == 1);
  return result;
}

std::string Sha256::hex() { return hexadecimal(digest()); }

std::string bytes_sha256(std::span<const std::byte> bytes) {
  Sha256 sha;
  sha.add(bytes);
  return sha.hex();
}

std::string text_sha256(std::string_view text) {
  return bytes_sha256(std::as_bytes(std::span(text)));
}

std::string uuid_of_name(std::string_view name) {
  const Context context = begin_digest(EVP_sha1());
  std::array<std::uint8_t, 20> sha1{};
  EXPECT_CONTRACT(EVP_DigestUpdate(context.get(), kNamespace.data(), kNamespace.size()) == 1 &&
                  EVP_DigestUpdate(context.get(), name.data(), name.size()) == 1 &&
                  EVP_DigestFinal_ex(context.get(), sha1.data(), nullptr) == 1);
  std::array<std::uint8_t, 16> uuid{};
  std::copy_n(sha1.begin(), uuid.size(), uuid.begin());
  uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0FU) | 0x50U);  // version 5
  uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3FU) | 0x80U);  // variant of the RFC
  std::string text = hexadecimal(uuid);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    text.insert(dash, 1, '-');
  }
  return text;
}

}  // namespace fingers
