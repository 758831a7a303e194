package io.sluice.orchestrator.database;

import io.sluice.orchestrator.settings.PrivateFiles;
import io.sluice.orchestrator.settings.Secrets;
import io.sluice.orchestrator.settings.ServerSettings;
import io.sluice.orchestrator.settings.StartupException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the connection pool its database. */
@Configuration(proxyBeanMethods = false)
public class DatabaseConfiguration {

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
