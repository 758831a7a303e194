package io.sluice.orchestrator.database;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.orchestrator.settings.PrivateFiles;
import io.sluice.orchestrator.settings.Secrets;
import io.sluice.orchestrator.settings.ServerSettings;
import io.sluice.orchestrator.settings.StartupException;
import javax.sql.DataSource;
import org.postgresql.PGProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayDataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Gives the connection pool its database, and bounds how long either of the two may keep the other waiting. */
@Configuration(proxyBeanMethods = false)
public class DatabaseConfiguration {

    /**
     * A replica that was stopped, or whose host vanished, in the middle of a transaction would hold its locks, and with them every
     * other replica, for as long as it stays away: the database ends such a transaction.
     */
    @Bean
    @Primary
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(JdbcConnectionDetails details, ServerSettings settings) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(details.getJdbcUrl());
        pool.setUsername(details.getUsername());
        pool.setPassword(details.getPassword());
        pool.setConnectionInitSql("set idle_in_transaction_session_timeout = "
                + settings.replica().abandonedAfter().toMillis());
        pool.addDataSourceProperty(
                PGProperty.SOCKET_TIMEOUT.getName(),
                Long.toString(Math.max(1, settings.replica().statementLimit().toSeconds())));
        pool.addDataSourceProperty(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
        return pool;
    }

    /** Migrations may take longer than any statement of the running server, and hold a lock in a transaction that is idle meanwhile. */
    @Bean(defaultCandidate = false)
    @FlywayDataSource
    DataSource migrating(JdbcConnectionDetails details) {
        return new DriverManagerDataSource(
                String.valueOf(details.getJdbcUrl()),
                String.valueOf(details.getUsername()),
                String.valueOf(details.getPassword()));
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "sluice.database.url", matchIfMissing = true, havingValue = "embedded")
    static class Embedded {
        /** Depends on the secrets so that the data directory exists. */
        @Bean(destroyMethod = "close")
        EmbeddedDatabase embeddedDatabase(ServerSettings settings, Secrets secrets) {
            return EmbeddedDatabase.start(settings.dataDir());
        }

        @Bean
        JdbcConnectionDetails embeddedConnection(EmbeddedDatabase database) {
            return new Connection(database.jdbcUrl(), EmbeddedDatabase.USER, database.password());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnExpression("!'${sluice.database.url:embedded}'.equals('embedded')")
    static class ByUrl {
        @Bean
        JdbcConnectionDetails givenConnection(ServerSettings settings) {
            ServerSettings.Database database = settings.database();
            String url = database.url();
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new StartupException(
                        "'" + url + "' is no PostgreSQL URL", "Give --database-url jdbc:postgresql://HOST:5432/NAME");
            }
            return new Connection(
                    url,
                    database.user(),
                    database.passwordFile() == null ? "" : PrivateFiles.read(database.passwordFile()));
        }
    }

    /** Connection details that print no password. */
    private static final class Connection implements JdbcConnectionDetails {
        private final String url;
        private final String user;
        private final String password;

        Connection(String url, String user, String password) {
            this.url = url;
            this.user = user;
            this.password = password;
        }

        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return user;
        }

        @Override
        public String getPassword() {
            return password;
        }
    }
}
