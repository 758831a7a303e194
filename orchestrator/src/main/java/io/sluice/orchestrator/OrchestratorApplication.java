package io.sluice.orchestrator;

import io.sluice.orchestrator.settings.ServerSettings;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/** The service as Spring sees it. Operators are known by tokens, so no user store is configured. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@EnableConfigurationProperties(ServerSettings.class)
@ComponentScan(basePackageClasses = OrchestratorApplication.class)
public class OrchestratorApplication {}
