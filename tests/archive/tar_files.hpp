#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace claptools::testing {

/// A header of the ustar format (POSIX.1-1988), written here so that the tests know every byte.
inline std::string tar_header(std::string_view name, std::size_t size, char type = '0',
                              std::string_view link = "") {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, std::string_view text) {
    header.replace(at, text.size(), text);
  };
  const auto octal = [](std::size_t value, int digits) {
    char text[24];
    std::snprintf(text, sizeof text, "%0*zo", digits, value);
    return std::string(text);
  };
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, octal(size, 11));
  put(136, "00000000000");
  put(148, "        ");
  header[156] = type;
  put(157, link);
  put(257, std::string_view("ustar\00000", 8));
  std::size_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6) + std::string(1, '\0'));
  return header;
}

inline std::string tar_padding(std::size_t size) {
  return std::string((512 - size % 512) % 512, '\0');
}

inline std::string tar_member(std::string_view name, std::string_view content) {
  return tar_header(name, content.size()) + std::string(content) + tar_padding(content.size());
}

/// A member whose name stands in an extended header (pax, POSIX.1-2001).
inline std::string pax_member(const std::string& name, std::string_view content) {
  const std::string body = " path=" + name + "\n";
  std::size_t length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length) ++length;
  const std::string record = std::to_string(length) + body;
  return tar_header("pax", record.size(), 'x') + record + tar_padding(record.size()) +
         tar_member("short", content);
}

inline std::string tar_end() { return std::string(1024, '\0'); }

}  // namespace claptools::testing
