# install and export with the gmpsim:: prefix; tests/consumer builds against the installed package.
