package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.problem.ProblemWriter;
import io.sluice.orchestrator.security.SecurityConfiguration;
import io.sluice.orchestrator.settings.ServerSettings;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/** The dashboard as it is served, with its real security, over a fake fleet and without a database. No component itself, so that no other test finds it. */
@EnableAutoConfiguration(
        exclude = UserDetailsServiceAutoConfiguration.class,
        excludeName = {
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
            "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
            "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
        })
@EnableConfigurationProperties(ServerSettings.class)
@ComponentScan(
        basePackageClasses = {
            PagesApplication.class,
            SecurityConfiguration.class,
            ProblemWriter.class,
            ServerSettings.class
        },
        excludeFilters =
                @ComponentScan.Filter(
                        type = FilterType.ASSIGNABLE_TYPE,
                        classes = {ServedFleet.class, ServedCopies.class}))
class PagesApplication {

    @Bean
    FakeFleet fleet() {
        FakeFleet fleet = new FakeFleet();
        Examples.fill(fleet);
        return fleet;
    }
}
