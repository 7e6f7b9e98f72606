package org.evergrant.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.evergrant.MisconfiguredException;
import org.evergrant.testkit.NothingLeft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUrlTest {
    private static final String CANARY = NothingLeft.CANARY;

    @Test
    void wholeUrlIsRead() {
        PostgresUrl url =
                PostgresUrl.parse(
                        "postgresql://me:a%40b%2Fc+%3a@db1.example.org:6432,[2001:db8::1]/to%6bens"
                                + "?schema=mine&connections=8&sslmode=verify-ca"
                                + "&application_name=x&connect_timeout=2");

        Properties settings = url.driverSettings();
        assertThat(url.driverUrl())
                .isEqualTo("jdbc:postgresql://db1.example.org:6432,[2001:db8::1]:5432/tokens");
        assertThat(url)
                .hasToString("postgresql://me@db1.example.org:6432,[2001:db8::1]:5432/tokens");
        assertThat(url.schema()).isEqualTo("mine");
        assertThat(url.connections()).isEqualTo(8);
        assertThat(settings)
                .containsEntry("user", "me")
                .containsEntry("password", "a@b/c+:")
                .containsEntry("ApplicationName", "x")
                .containsEntry("connectTimeout", "2")
                .containsEntry("targetServerType", "primary");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, prefer",
        "127.0.0.1, prefer",
        "[::1], prefer",
        "db, verify-full",
        "'localhost,db', verify-full"
    })
    void certificateIsVerifiedUnlessTheServerIsOnThisMachine(String host, String mode) {
        Properties settings =
                PostgresUrl.parse("postgresql://" + host + "/tokens").driverSettings();

        assertThat(settings).containsEntry("sslmode", mode);
    }

    @Test
    void withoutACertificateOfItsOwnJavasAuthoritiesAreAsked() {
        Properties usual = PostgresUrl.parse("postgresql://db/tokens").driverSettings();
        Properties own =
                PostgresUrl.parse("postgresql://db/tokens?sslrootcert=/etc/ca.pem")
                        .driverSettings();

        assertThat(usual).containsEntry("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        assertThat(own).doesNotContainKey("sslfactory").containsEntry("sslrootcert", "/etc/ca.pem");
    }

    @Test
    void everyFaultIsNamedAtOnce() {
        assertThatThrownBy(() ->
                        PostgresUrl.parse(
                                "postgresql://u:"
                                        + CANARY
                                        + "@h:0,:1/?schema=1x&connections=99&sslmode=on"
                                        + "&targetServerType=master&prepareThreshold=x&password=y"))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("port 0 (expected: 1 to 65535)")
                .hasMessageContaining("no host")
                .hasMessageContaining("the database has no name")
                .hasMessageContaining("schema has another value")
                .hasMessageContaining("connections has another value (expected: 1 to 64)")
                .hasMessageContaining("sslmode has another value (expected: disable")
                .hasMessageContaining("targetServerType has another value")
                .hasMessageContaining("prepareThreshold has another value")
                .hasMessageContaining("an unknown setting 'password'")
                .hasMessageNotContaining(CANARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql:",
                "postgresql:tokens",
                "postgresql://u:" + CANARY + "/x@h/db",
                "postgresql://u:" + CANARY + "?x@h/db",
                "postgresql://u:x?" + CANARY + "@h/db",
                "postgresql://u:" + CANARY + "#x@h/db",
                "postgresql://u:" + CANARY + "%zz@h/db",
                "postgresql://u:" + CANARY + "@h:port/db",
                "postgresql://u:" + CANARY + "@h/db?options=-c%20x",
                "postgresql://u:" + CANARY + "@h/db?" + "%zz=1",
                "jdbc:postgresql://h/db?password=" + CANARY
            })
    void wrongUrlIsRefusedWithoutThePassword(String text) {
        assertThatThrownBy(() -> PostgresUrl.parse(text))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("expected:")
                .hasMessageNotContaining(CANARY);
    }

    @Test
    void scriptNamesSchemaAndRole() {
        String script =
                PostgresStore.script(
                        PostgresUrl.parse("postgresql://we%22ird:" + CANARY + "@h/db?schema=mine"));

        assertThat(script)
                .startsWith("CREATE SCHEMA IF NOT EXISTS \"mine\";")
                .contains("CREATE TABLE \"mine\".record", "CREATE TABLE \"mine\".layout")
                .endsWith("TO \"we\"\"ird\";\n")
                .doesNotContain(CANARY, "${");
    }
}
