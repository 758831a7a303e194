package io.sluice.orchestrator.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest; there is none while running from a build folder. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"sluice " + (version == null ? "(not packaged)" : version)};
    }
}
