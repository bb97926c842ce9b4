// The one door to OpenSSL: digests of bytes and of files, and names made from them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace fingers {

/// SHA-256 of what is fed to it, piece by piece.
class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256(Sha256&&) = delete;
  Sha256& operator=(Sha256&&) = delete;

  void add(std::span<const std::byte> bytes);
  /// The bytes of a text alone, without its length.
  void add_bytes(std::string_view bytes);
  /// The length (8 bytes, little-endian), then the text: two texts never run together.
  void add_text(std::string_view text);
  /// 8 bytes, little-endian.
  void add_number(std::uint64_t number);
  /// Ends it; call once.
  Digest digest();
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 of a text as 64 hexadecimal digits.
std::string text_sha256(std::string_view text);
std::string bytes_sha256(std::span<const std::byte> bytes);

/// A name-based UUID (RFC 9562 version 5) in the namespace of this program's datasets.
std::string uuid_of_name(std::string_view name);

}  // namespace fingers
