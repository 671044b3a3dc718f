#pragma once
// Well-known passwords of 12 characters and more, in lower case; shorter ones are refused for their length.

#include <array>
#include <string_view>

namespace chat_centre::auth {

inline constexpr auto common_passwords = std::to_array<std::string_view>({
    "012345678901", "0123456789012", "098765432109", "0987654321098", "112233445566", "11223344556677",
    "121212121212", "123123123123", "123321123321", "123456123456", "123456654321", "123456789012",
    "1234567890123", "12345678901234", "123456789012345", "1234567890123456", "12345678901234567890",
    "123456789101112", "123456789abc", "123456789abcdef", "1234567890ab", "1234567890qwerty", "1234567890-=",
    "123qweasdzxc", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u", "1q2w3e4r5t6y7u8i", "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc", "1qaz2wsx3edc4rfv", "1qaz@wsx#edc", "1qazxsw23edc", "987654321098", "9876543210987",
    "a1b2c3d4e5f6", "a1b2c3d4e5f6g7", "aa1234567890", "abc123456789", "abc123abc123", "abcd12345678",
    "abcd1234abcd", "abcdef123456", "abcdefg12345", "abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz", "admin1234567", "admin12345678", "admin123456789", "adminadmin12",
    "adminadmin123", "adminadminadmin", "administrator", "administrator1", "administrator123", "alhamdulillah",
    "america12345", "asdfasdfasdf", "asdfghjkl123", "asdfghjkl;'", "asdfghjklqwe", "asdfghjklqwertyuiop",
    "asdfghjklzxcvbnm", "azertyuiop123", "azertyuiopqsdfghjklm", "baseball1234", "batmanbatman", "bismillah123",
    "bismillahirrahmanirrahim", "butterfly123", "changeme1234", "changeme12345", "changemechangeme",
    "changemenow1", "charlie12345", "chelseafootball", "chocolate123", "computer1234", "computer12345",
    "correct horse battery staple", "correcthorsebatterystaple", "customerservice", "customersupport",
    "dallascowboys", "defaultpassword", "dragondragon", "elizabeth123", "facebook1234", "football1234",
    "football12345", "godisgood123", "googlegoogle", "guestguestguest", "harrypotter1", "harrypotter123",
    "hello1234567", "hellohellohello", "helloworld12", "helloworld123", "iloveyou1234", "iloveyou12345",
    "iloveyou123456", "iloveyoubaby1", "iloveyouiloveyou", "iloveyousomuch", "internet1234", "jesuschrist1",
    "jesusislord1", "jordan123456", "letmein12345", "letmein123456", "letmeinletmein", "letmeinplease",
    "liverpoolfc1", "liverpool123", "london123456", "manchesterunited", "master123456", "michael12345",
    "michaeljordan", "monkeymonkey", "mypassword12", "mypassword123", "newyorkyankees", "ninja1234567",
    "p@ssw0rd1234", "p@ssw0rd12345", "p@ssword1234", "passw0rd1234", "password1234", "password12345",
    "password123456", "password1234567", "password12345678", "password123456789", "password1234567890",
    "password1234!", "password123!", "password2020", "password2021", "password2022", "password2023",
    "password2024", "password2025", "password2026", "passwordpassword", "passwordpassword1", "pokemonpokemon",
    "princess1234", "q1w2e3r4t5y6", "q1w2e3r4t5y6u7i8", "qazwsxedc123", "qazwsxedcrfv", "qazwsxedcrfvtgb",
    "qweasdzxc123", "qwer1234qwer", "qwertyqwerty", "qwerty123456", "qwerty1234567", "qwerty12345678",
    "qwerty123456789", "qwertyuiop12", "qwertyuiop123", "qwertyuiop1234567890", "qwertyuiop[]", "qwertyuiopas",
    "qwertyuiopasdf", "qwertyuiopasdfgh", "qwertyuiopasdfghjkl", "qwertyuiopasdfghjklzxcvbnm", "ronaldo12345",
    "rootpassword", "rootrootroot", "samsung12345", "secret123456", "secretpassword", "secretsecret",
    "spiderman123", "starwars1234", "summer123456", "sunshine1234", "superman1234", "superman12345",
    "supersecret1", "supersecretpassword", "temppassword", "temppassword1", "thisisapassword",
    "thisismypassword", "toortoortoor", "trustno1trustno1", "usernamepassword", "welcome12345", "welcome123456",
    "welcome1234567", "whateverwhatever", "yourpassword", "zaq12wsxcde3", "zaq1xsw2cde3", "zxcvbnm12345",
    "zxcvbnm123456", "zxcvbnmasdfghjkl", "zxcvbnmasdfghjklqwertyuiop",
});

} // namespace chat_centre::auth
